// What the newsroom's examples cannot know, an entry's id and a preview link, stands in their variables as a word in
// capitals. It is filled in with what the last answer that told had, so that the examples can be run one after the
// other.
const known = new Map<string, string>();
const listeners = new Set<() => void>();

/** A variables text with what is known by now. */
export function fillIn(variables: string): string {
  return variables.replace(/"(ENTRY_ID|PREVIEW_PATH|PREVIEW_TOKEN)"/g, (word, name: string) => {
    const value = known.get(name);
    return value === undefined ? word : JSON.stringify(value);
  });
}

/** Has `listener` called when more is known. */
export function onKnown(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function learn(answer: unknown) {
  if (typeof answer !== 'object' || answer === null) return;
  const { entry, path, token } = answer as Record<string, unknown>;
  const id = (entry as { id?: unknown } | null | undefined)?.id;
  if (typeof id === 'string') known.set('ENTRY_ID', id);
  if (typeof path === 'string' && typeof token === 'string') known.set('PREVIEW_PATH', path).set('PREVIEW_TOKEN', token);
  Object.values(answer).forEach(learn);
}

/** `fetch`, whose answers are looked through. */
export function learningFrom(ask: typeof fetch): typeof fetch {
  return async (input, init) => {
    const response = await ask(input, init);
    // Introspection has none of it, and is long.
    if (!String(init?.body).includes('__schema')) {
      const copy = response.clone();
      void copy.json().then((answer) => {
        learn(answer);
        listeners.forEach((listener) => listener());
      }, () => undefined);
    }
    return response;
  };
}
