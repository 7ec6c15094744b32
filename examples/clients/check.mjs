// Runs the programs of docs/clients.md, and holds the document to them:  BASE_URL=http://127.0.0.1:8080 npm test
// Ends with the line `N passed, N failed`.
import { access, readFile } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformAsync } from '@babel/core';
import { build } from 'esbuild';
import { print } from 'graphql';
import { JSDOM } from 'jsdom';

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '../..');

let passed = 0;
let failed = 0;

function check(name, ok, detail) {
  if (ok) passed += 1;
  else failed += 1;
  if (!ok) console.log(`FAIL ${name}\n     ${detail}`);
}

async function attempt(name, run) {
  try {
    await run();
  } catch (error) {
    check(name, false, error.stack ?? error);
  }
}

/** What a bundler does with Relay's `graphql` tags: it puts the compiler's artifacts in their place. */
const relay = {
  name: 'relay',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]relay[\\/][^\\/]*\.tsx$/ }, async ({ path }) => {
      const { code } = await transformAsync(await readFile(path, 'utf8'), {
        filename: path,
        configFile: false,
        parserOpts: { plugins: ['typescript', 'jsx'] },
        plugins: [['relay', { eagerEsModules: true }]],
      });
      return { contents: code, loader: 'tsx' };
    });
  },
};

async function load(file) {
  const outfile = resolve(here, 'build', `${file.replaceAll('/', '-').replace(extname(file), '')}.mjs`);
  await build({
    entryPoints: [resolve(here, file)],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    jsx: 'automatic',
    plugins: [relay],
    logLevel: 'error',
  });
  return import(outfile);
}

/** Every block of the document that names a file stands in that file, as it is. */
async function documentTests() {
  const text = await readFile(resolve(root, 'docs/clients.md'), 'utf8');
  const blocks = [...text.matchAll(/^```(\w+)(?: +(\S+))?\n([^]*?)^```$/gm)];
  check('the document has programs', blocks.filter(([, , file]) => file).length >= 6, blocks.length);
  for (const [, language, file, block] of blocks) {
    if (!file) {
      check(`a block of ${language} names its file`, language === 'sh', block);
      continue;
    }
    const whole = await readFile(resolve(root, file), 'utf8').catch(() => '');
    check(`docs/clients.md says of ${file} what is in it`, whole.includes(block), block);
  }
  for (const [, target] of text.matchAll(/\]\((?!https?:)([^)#]+)/g)) {
    const there = await access(resolve(root, 'docs', target)).then(
      () => true,
      () => false,
    );
    check(`${target} is there`, there, target);
  }
}

async function pagingOf(file, url) {
  const { makeClient, twoPages } = await load(file);
  const titles = await twoPages(makeClient(url), 'politics');
  check(`${file}: two pages are one list`, titles.length === 10 && new Set(titles).size === 10, JSON.stringify(titles));
}

async function relayPaging(url) {
  const { window } = new JSDOM('<div id="root"></div>', { url: 'http://reader.test/' });
  Object.assign(globalThis, { window, document: window.document, IS_REACT_ACT_ENVIRONMENT: true });
  Object.defineProperty(globalThis, 'navigator', { value: window.navigator, configurable: true });
  const [{ act, createElement }, { createRoot }, { RelayEnvironmentProvider }, { CategoryPages }, { makeEnvironment }] =
    await Promise.all([
      import('react'),
      import('react-dom/client'),
      import('react-relay'),
      load('relay/CategoryPages.tsx'),
      load('relay/environment.ts'),
    ]);
  const page = createElement(CategoryPages, { path: 'politics', locale: 'en' });
  const app = createRoot(window.document.getElementById('root'));
  const items = () => window.document.querySelectorAll('li').length;
  const until = async (wanted) => {
    for (let i = 0; i < 200 && !wanted(); i++) await act(() => new Promise((resolve) => setTimeout(resolve, 25)));
    if (!wanted()) throw new Error(`still not: ${wanted}; there is ${window.document.body.innerHTML}`);
  };
  await act(() => app.render(createElement(RelayEnvironmentProvider, { environment: makeEnvironment(url) }, page)));
  await until(() => items() === 5);
  check(
    'Relay: the first page',
    window.document.querySelector('h1').textContent === 'Politics',
    window.document.body.innerHTML,
  );
  await act(() => window.document.querySelector('button').click());
  await until(() => items() === 10);
  const paths = [...window.document.querySelectorAll('li a')].map((a) => a.getAttribute('href'));
  check('Relay: the second page behind it, nothing twice', new Set(paths).size === 10, JSON.stringify(paths));
  while (window.document.querySelector('button')) {
    const before = items();
    await act(() => window.document.querySelector('button').click());
    await until(() => items() > before);
  }
  check('Relay: the button goes at the end', items() > 10, items());
  await act(() => app.unmount());
}

/** Every client takes up the log where somebody has left it, and is told what has happened since, in order. */
async function subscriptions(url) {
  const { default: WebSocket } = await import('ws');
  const { ChangedPublications, followWithApollo, makeApollo, makeApolloWithSocket, makeEvents, makeSocket, makeUrql } =
    await load('subscriptions.ts');
  const query = print(ChangedPublications);
  const log = '{ changes(first: 6, filter: { subjects: [PUBLICATION] }) { edges { cursor } } }';
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: log }),
  });
  const [after, ...wanted] = (await answer.json()).data.changes.edges.map(({ cursor }) => cursor);
  const socket = makeSocket(url.replace(/^http/, 'ws'), { webSocketImpl: WebSocket });
  const events = makeEvents(url);
  const viaUrql = (transport) => (sink) =>
    makeUrql(transport, url).subscription(ChangedPublications, { after }).subscribe(sink.next);
  const viaApollo = (client) => (sink) => followWithApollo(client, { after }).subscribe(sink);
  const clients = {
    'graphql-ws': (sink) => ({ unsubscribe: socket.subscribe({ query, variables: { after } }, sink) }),
    'graphql-sse': (sink) => ({ unsubscribe: events.subscribe({ query, variables: { after } }, sink) }),
    'urql over graphql-ws': viaUrql(socket),
    'urql over graphql-sse': viaUrql(events),
    'Apollo Client over HTTP': viaApollo(makeApollo(url)),
    'Apollo Client over graphql-ws': viaApollo(makeApolloWithSocket(socket, url)),
  };
  for (const [name, subscribe] of Object.entries(clients)) {
    const told = [];
    let subscription;
    const all = new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${name}: only ${JSON.stringify(told)}`)), 30_000);
      const next = (result) => {
        told.push(result.data?.publicationChanged.cursor ?? JSON.stringify(result));
        if (told.length < wanted.length) return;
        clearTimeout(timer);
        resolve();
      };
      subscription = subscribe({ next, error: reject, complete: () => undefined });
    });
    await all;
    subscription.unsubscribe();
    const isIt = JSON.stringify(told.slice(0, wanted.length)) === JSON.stringify(wanted);
    check(`${name}: what has happened since, in order`, isIt, `${told} instead of ${wanted}`);
  }
  await socket.dispose();
  events.dispose();
}

const { BASE_URL } = process.env;
if (!BASE_URL) throw new Error('set BASE_URL, for example http://127.0.0.1:8080');
const url = `${BASE_URL}/graphql`;
await attempt('docs/clients.md', documentTests);
await attempt('Apollo Client', () => pagingOf('apollo.ts', url));
await attempt('urql', () => pagingOf('urql.ts', url));
await attempt('Subscriptions', () => subscriptions(url));
await attempt('Relay', () => relayPaging(url));
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
