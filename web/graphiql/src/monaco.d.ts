// What Monaco has no types for.
declare module 'monaco-editor/esm/vs/editor/editor.worker.js' {
  export function initialize(make: (context: never, data: never) => object): void;
}
