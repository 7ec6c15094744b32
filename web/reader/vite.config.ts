import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { manifest } from './src/pages';
import { words } from './src/words';

/** Writes dist/operations.json: what the server has to know to ask a page's operation itself. */
const operations: Plugin = {
  name: 'courant:operations',
  generateBundle() {
    this.emitFile({ type: 'asset', fileName: 'operations.json', source: JSON.stringify(manifest(), null, 1) });
  },
};

/** Writes what the server shows of a page before any script runs: templates, and the words to fill them with. */
const plain: Plugin = {
  name: 'courant:plain',
  generateBundle() {
    this.emitFile({ type: 'asset', fileName: 'words.json', source: JSON.stringify(words()) });
    const folder = new URL('./src/plain/', import.meta.url);
    for (const file of readdirSync(folder)) {
      this.emitFile({ type: 'asset', fileName: `plain/${file}`, source: readFileSync(new URL(file, folder)) });
    }
  },
};

/** The fonts' licences go wherever the fonts go. */
const fontLicences: Plugin = {
  name: 'courant:font-licences',
  generateBundle() {
    const fonts = new URL('./src/fonts/', import.meta.url);
    for (const file of readdirSync(fonts).filter((name) => name.endsWith('.LICENSE.txt'))) {
      this.emitFile({ type: 'asset', fileName: `licences/${file}`, source: readFileSync(new URL(file, fonts)) });
    }
  },
};

/** In development nobody else fills in what the server does. */
const unserved: Plugin = {
  name: 'courant:unserved',
  apply: 'serve',
  transformIndexHtml: (html) => html.replace('{{courant:lang}}', 'en').replace('{{courant:dir}}', 'ltr'),
};

const courant = process.env.COURANT_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react({ jsxImportSource: '#standing-in' }), operations, plain, fontLicences, unserved],
  // Names that the pages of src/plain/ can say: `Frame-masthead` is `masthead` of Frame.module.css.
  css: { modules: { generateScopedName: (name, file) => `${basename(file.split('?')[0] ?? '', '.module.css')}-${name}` } },
  server: { proxy: { '/graphql': courant, '/reads': courant } },
  build: {
    target: 'es2022',
    // Every asset is a file of its own: the Content-Security-Policy allows no fonts in data: URLs.
    assetsInlineLimit: 0,
    // The whole app is smaller than what splitting it would cost in requests.
    modulePreload: { polyfill: false },
    // Notices of the bundled packages. Not under assets/, where every name carries a hash.
    license: { fileName: 'licences/packages.md' },
  },
});
