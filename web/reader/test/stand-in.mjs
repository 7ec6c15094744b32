// Serves dist as `courant serve` does, in front of a running Courant: the markers of index.html filled in, the operation of the
// page asked beforehand, real statuses, a strict Content-Security-Policy. README.md has the contract; this is its shortest form.
//   COURANT_URL=http://127.0.0.1:8080 [PORT=4173] node test/stand-in.mjs
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { escape, readPages } from './plain.mjs';

const DIST = new URL('../dist/', import.meta.url);
const TYPES = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' https: data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** The templates of pages that have nothing to show. */
const PLAIN = { unready: 'unready', 404: 'not-found', 410: 'gone', 503: 'away' };

/** What stands around a page that has no answer. */
const FRAME = '{ site { name description defaultLocale timeZone profiles locales { tag name direction } } sections: categories { id title path } }';

/** The title and description of a page that has none of its own. */
const told = (t, name) =>
  ({
    'not-found': [t.notFoundTitle, t.notFoundText],
    gone: [t.goneTitle, t.goneText],
    away: [t.failureTitle, t.failureService],
    register: [t.registerTitle, t.registerAbout],
    feeds: [t.feedsTitle, t.feedsAbout],
    search: [t.searchTitle, t.searchAbout],
    unready: [t.unreadyTitle, t.unreadyText],
  })[name];

/** What is said of a page, or of a list by what it is. */
const described = (t, route) =>
  route?.summary ??
  route?.description ??
  { Category: t.categoryAbout, Tag: t.tagAbout, Person: t.personAbout, Feed: t.feedAbout }[route?.__typename]?.replace('{title}', route.title ?? route.name);

/** The codes of errors that say that an address means nothing. */
const MEANINGLESS = ['UNKNOWN_LOCALE', 'BAD_CURSOR', 'BAD_USER_INPUT'];

/** Starts on a port (0: any); answers { url, close }. */
export async function startStandIn({ upstream, port = 0 }) {
  const template = await readFile(new URL('index.html', DIST), 'utf8');
  const { pages } = JSON.parse(await readFile(new URL('operations.json', DIST), 'utf8'));
  const plain = await readPages();

  async function ask(body) {
    const answer = await fetch(new URL('/graphql', upstream), {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
      body: JSON.stringify(body),
    });
    return answer.json();
  }

  async function page(url, acceptLanguage) {
    if (url.pathname === '/') {
      const { data } = await ask({ query: '{ site { defaultLocale locales { tag } } }' });
      const wanted = (acceptLanguage ?? '').split(',').map((tag) => tag.trim().slice(0, 2));
      const tags = data.site.locales.map(({ tag }) => tag);
      const best = wanted.find((tag) => tags.includes(tag)) ?? data.site.defaultLocale;
      return { status: 302, headers: { location: `/${best}`, vary: 'accept-language' } };
    }
    const { definition, variables, locale } = match(pages, url);
    const result = await ask({ query: definition.document, operationName: definition.operation, variables });
    const route = result.data?.route;
    if (route?.__typename === 'Redirect') return { status: 301, headers: { location: route.target } };
    const codes = result.errors?.map(({ extensions }) => extensions.code) ?? [];
    const whole = result.data && !result.errors?.some(({ path }) => path?.[0] === 'route');
    const status = MEANINGLESS.some((code) => codes.includes(code))
      ? 404
      : !whole
        ? 503
        : definition.kind === 'route' && !route
          ? 404
          : route?.__typename === 'Gone'
            ? 410
            : 200;
    const data = JSON.stringify({ operation: definition.operation, variables, result }).replaceAll('<', '\\u003c');
    const frame = result.data?.site ? result.data : (await ask({ query: FRAME, variables: {} })).data;
    const lang = frame.site.locales.some(({ tag }) => tag === locale) ? locale : frame.site.defaultLocale;
    const unready = codes.includes('SEARCH_REBUILDING') ? PLAIN.unready : undefined;
    const name = unready ?? PLAIN[status] ?? (definition.kind === 'route' ? route.__typename.toLowerCase() : definition.kind);
    const strings = plain.strings(lang);
    const [title, about] = told(strings, name) ?? [route?.title ?? route?.name ?? frame.site.name, described(strings, route)];
    const translations = route?.translations ? [{ locale: route.locale, path: route.path }, ...route.translations] : undefined;
    const rest = locale === undefined ? '' : url.pathname.slice(locale.length + 1);
    const kept = new URLSearchParams(definition.kind === 'search' ? url.search : '');
    kept.delete('after');
    const end = rest + (kept.size > 0 ? `?${kept}` : '');
    const alternates = translations ?? frame.site.locales.map(({ tag }) => ({ locale: tag, path: `/${tag}${end}` }));
    const choices = Object.entries(definition.variables).filter(([, { accept }]) => Array.isArray(accept));
    const content = {
      data: status === 503 ? {} : (result.data ?? {}),
      frame,
      locale: lang,
      timeZone: frame.site.timeZone,
      path: url.pathname,
      address: url.pathname + url.search,
      query: url.search,
      variables,
      alternates: status === 200 ? Object.fromEntries(alternates.map((one) => [one.locale, one.path])) : {},
      choices: Object.fromEntries(choices.map(([variable, { accept }]) => [variable, accept])),
      filtered: [...url.searchParams.keys()].some((parameter) => parameter !== 'after'),
    };
    const noindex = status !== 200 || definition.kind === 'search' || variables.after !== undefined || variables.preview !== undefined;
    const fill = {
      '{{courant:lang}}': lang,
      '{{courant:dir}}': plain.dirOf(frame, lang),
      '<!--courant:head-->': [
        `<title data-courant>${escape(title === frame.site.name ? title : `${title} · ${frame.site.name}`)}</title>`,
        `<meta data-courant name="description" content="${escape(about ?? title)}">`,
        noindex ? '<meta data-courant name="robots" content="noindex">' : '',
        `<meta data-courant property="og:title" content="${escape(title)}">`,
      ].join(''),
      '<!--courant:body-->': plain.fill(name, content),
      // An answer without data is for the app to ask again, and to say why there is none.
      '<!--courant:data-->':
        result.data && status !== 503 ? `<script type="application/json" data-courant-data>${data}</script>` : '',
    };
    const body = Object.entries(fill).reduce((html, [marker, text]) => html.replace(marker, () => text), template);
    return { status, headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': definition.kind === 'search' ? 'private, no-cache' : 'no-cache' }, body };
  }

  const server = createServer(async (request, response) => {
    const url = new URL(request.url, 'http://stand.in');
    const send = (status, headers, body = '') => {
      const zip = /gzip/.test(request.headers['accept-encoding'] ?? '') && body.length > 1000;
      response.writeHead(status, {
        'content-security-policy': POLICY,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'strict-origin-when-cross-origin',
        ...headers,
        ...(zip && { 'content-encoding': 'gzip' }),
      });
      response.end(zip ? gzipSync(body) : body);
    };
    try {
      if (url.pathname === '/graphql' && request.headers.accept === 'text/event-stream') {
        const gone = new AbortController();
        response.on('close', () => gone.abort());
        const { accept, 'last-event-id': place } = request.headers;
        const headers = { accept, ...(place && { 'last-event-id': place }) };
        const answer = await fetch(new URL(url.pathname + url.search, upstream), { headers, signal: gone.signal });
        response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') });
        Readable.fromWeb(answer.body).on('error', () => response.destroy()).pipe(response);
      } else if (url.pathname === '/graphql') {
        const body = await new Promise((resolve) => {
          const parts = [];
          request.on('data', (part) => parts.push(part)).on('end', () => resolve(Buffer.concat(parts)));
        });
        const { 'content-type': type, accept, authorization } = request.headers;
        const answer = await fetch(new URL('/graphql', upstream), {
          method: request.method,
          headers: { 'content-type': type, accept, ...(authorization && { authorization }) },
          ...(request.method === 'POST' && { body }),
        });
        send(
          answer.status,
          { 'content-type': answer.headers.get('content-type') },
          Buffer.from(await answer.arrayBuffer()),
        );
      } else if (url.pathname === '/reads' && request.method === 'POST') {
        // What is read here is no reader's.
        request.resume();
        send(204, {}, '');
      } else if (url.pathname.startsWith('/assets/')) {
        const file = await readFile(new URL(`.${url.pathname}`, DIST));
        const type = TYPES[extname(url.pathname)];
        send(200, { 'content-type': type, 'cache-control': 'public, max-age=31536000, immutable' }, file);
      } else if (/^\/favicon\.(?:ico|svg)$/.test(url.pathname)) {
        const file = await readFile(new URL(`.${url.pathname}`, DIST));
        send(200, { 'content-type': TYPES[extname(url.pathname)], 'cache-control': 'no-cache' }, file);
      } else if (url.pathname === '/robots.txt') {
        send(200, { 'content-type': 'text/plain' }, 'User-agent: *\nAllow: /\n');
      } else {
        const { status, headers, body } = await page(url, request.headers['accept-language']);
        send(status, headers, body);
      }
    } catch (error) {
      send(error.code === 'ENOENT' ? 404 : 502, { 'content-type': 'text/plain' }, String(error.message));
    }
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
  };
}

/** What src/pages.ts does, from what it has written down. */
export function match(pages, url) {
  const path = url.pathname.replace(/\/+$/, '') || '/';
  const locale = /^\/([a-z]{2,3}(?:-[a-z0-9]{2,8})*)(?=\/|$)/i.exec(path)?.[1];
  const form = locale === undefined ? '/*' : `/{locale}${path.slice(locale.length + 1)}`;
  const isOld = ['/', '/{locale}'].includes(path === '/' ? path : form) && namesOldPage(url.searchParams);
  const fixed = isOld ? undefined : pages.find(({ address }) => address === form);
  const definition = fixed ?? pages.find(({ address }) => address === '/*');
  const variables = {};
  for (const [name, source] of Object.entries(definition.variables)) {
    let value = source.from !== 'path' ? locale : isOld || path === '/' ? path + url.search : path;
    if (source.from === 'query') {
      const found = url.searchParams
        .getAll(source.parameter)
        .map((value) => accepted(source.accept, value.trim()))
        .filter((value) => value !== undefined);
      value = source.list ? (found.length > 0 ? found : undefined) : found[0];
    }
    if (value !== undefined) variables[name] = value;
  }
  return { definition, variables, locale };
}

/** Whether WordPress would show another page than its front page. */
function namesOldPage(query) {
  const number = { p: 18, page_id: 18, attachment_id: 18, author: 18, cat: 18, m: 14 };
  const word = ['tag', 'author_name', 'category_name', 'feed'];
  return [...query].some(([name, value]) =>
    Object.hasOwn(number, name)
      ? /^\d+$/.test(value) && value.length <= number[name] && (name !== 'm' || value.length >= 4)
      : word.includes(name) && value !== '',
  );
}

function accepted(accept, value) {
  if (accept === 'words') return [...value.replaceAll('\0', '').trim()].slice(0, 1000).join('') || undefined;
  if (accept === 'year') return /^[1-9]\d{3}$/.test(value) ? Number(value) : undefined;
  return accepts(accept, value) ? value : undefined;
}

function accepts(accept, value) {
  if (Array.isArray(accept)) return accept.includes(value);
  if (accept === 'text') return value.length >= 1 && value.length <= 500;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const time = Date.parse(value);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { COURANT_URL = 'http://127.0.0.1:8080', PORT = '4173' } = process.env;
  const { url } = await startStandIn({ upstream: COURANT_URL, port: Number(PORT) });
  console.log(`The reader: ${url}`);
}
