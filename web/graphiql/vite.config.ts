import { defineConfig } from 'vite';

export default defineConfig({
  // The server answers GET /graphiql with dist/index.html and /graphiql/assets/* with dist/assets/*.
  base: '/graphiql/',
  build: {
    // Keep every asset a separate same-origin file (GraphiQL's own CSS still carries its fonts as data: URLs).
    assetsInlineLimit: 0,
    // Monaco alone is above Vite's default warning threshold.
    chunkSizeWarningLimit: 4096,
    // Notices of the bundled packages. Not under assets/, where every name carries a hash.
    license: { fileName: 'licenses.md' },
    // "use client" marks in dependencies mean nothing here.
    rolldownOptions: { checks: { moduleLevelDirective: false } },
  },
  worker: { format: 'es' },
});
