// Addresses, what the build writes for the server, languages, and the size of it all.
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { runnerImport } from 'vite';
import { check, equal } from './check.mjs';
import { match } from './stand-in.mjs';

const SOURCE = fileURLToPath(new URL('../src/', import.meta.url));
const DIST = new URL('../dist/', import.meta.url);

/** The most script, in bytes of gzip. */
const BUDGET = 150_000;

// Address → kind and variables.
const ADDRESSES = {
  '/en': ['front', { locale: 'en' }],
  '/ru/': ['front', { locale: 'ru' }],
  '/en/decrees': ['register', { locale: 'en' }],
  '/en/decrees?kind=LAW&kind=NONSENSE&kind=ORDER&on=2024-02-29': [
    'register',
    { locale: 'en', documentTypes: ['LAW', 'ORDER'], on: '2024-02-29' },
  ],
  '/en/decrees?kind=&status=in_force&on=2023-02-29&from=2023-1-1&number=%20204-III%20&order=SIGNED_ON_ASC': [
    'register',
    { locale: 'en', number: '204-III', order: 'SIGNED_ON_ASC' },
  ],
  '/tk/feeds/': ['feeds', { locale: 'tk' }],
  '/en/search?q=%00%20water%20tax%20%00&kind=DECREE&kind=x&year=2024&year=24&year=02024&category=politics/a&order=RELEVANCE': [
    'search',
    { locale: 'en', query: 'water tax', kinds: ['DECREE'], years: [2024], categories: ['politics/a'], order: 'RELEVANCE' },
  ],
  '/ru/search?q=&after=x&language=tk': ['search', { locale: 'ru', after: 'x', languages: ['tk'] }],
  [`/en/search?q=${'\u{1F42A}'.repeat(1500)}`]: ['search', { locale: 'en', query: '\u{1F42A}'.repeat(1000) }],
  '/en/feeds/last-news': ['route', { locale: 'en', path: '/en/feeds/last-news' }],
  '/en/decrees/law-on-pensions?on=2027-01-01': [
    'route',
    { locale: 'en', path: '/en/decrees/law-on-pensions', on: '2027-01-01' },
  ],
  '/pt-BR/tags/gas/?after=abc&preview=': ['route', { locale: 'pt-BR', path: '/pt-BR/tags/gas', after: 'abc' }],
  '/en/articles/a?preview=token&utm=x': ['route', { locale: 'en', path: '/en/articles/a', preview: 'token' }],
  '/': ['route', { path: '/' }],
  '/?utm_source=letter': ['route', { path: '/?utm_source=letter' }],
  '/?x=1&p=12': ['route', { path: '/?x=1&p=12' }],
  '/en/?author=3': ['route', { locale: 'en', path: '/en?author=3' }],
  '/en?m=1&p=&tag=&cat=2,3': ['front', { locale: 'en' }],
  '/en/feeds?feed=rss2': ['feeds', { locale: 'en' }],
  '/robots': ['route', { path: '/robots' }],
};

export async function unitTests() {
  const { pageAt } = (await runnerImport(`${SOURCE}pages.ts`)).module;
  const { pages } = JSON.parse(await readFile(new URL('operations.json', DIST), 'utf8'));
  for (const [address, [kind, variables]] of Object.entries(ADDRESSES)) {
    const url = new URL(address, 'http://reader.test');
    const page = pageAt(url.pathname, url.search);
    const sorted = (object) => Object.entries(object).sort();
    equal(`${address} is a page of its kind`, page.kind, kind);
    equal(`${address} gives its variables`, sorted(page.variables), sorted(variables));
    const matched = match(pages, url);
    equal(
      `${address} is the same to the server`,
      [matched.definition.kind, matched.variables],
      [page.kind, page.variables],
    );
  }
  for (const { kind, operation, variables, document } of pages) {
    const declared = [...(/query \w+\(([^{]*)\)/.exec(document)?.[1] ?? '').matchAll(/\$(\w+):/g)].map(
      ([, name]) => name,
    );
    check(`${kind} has the text of its operation`, document.includes(`query ${operation}(`), document);
    equal(`${kind} says where each variable comes from`, Object.keys(variables).sort(), declared.sort());
  }

  const { fill, languageOf } = (await runnerImport(`${SOURCE}language.tsx`)).module;
  const date = '2021-03-02T22:30:00Z';
  equal('a date in English', languageOf('en').day(date), '2 March 2021');
  equal('a date in Russian', languageOf('ru').day(date), '2 марта 2021 г.');
  equal('a date in Turkmen', languageOf('tk').day(date), '2 mart 2021');
  equal('a number in English', languageOf('en').number(13739), '13,739');
  equal('a number in Russian', languageOf('ru').number(13739).replace(/\s/, ' '), '13 739');
  equal('a number in Turkmen', languageOf('tk').number(13739).replace(/\s/, ' '), '13 739');
  const views = (locale, n) => languageOf(locale).count(languageOf(locale).t.views, n);
  equal(
    'counts in English',
    [1, 2].map((n) => views('en', n)),
    ['1 view', '2 views'],
  );
  equal(
    'counts in Russian',
    [1, 3, 5, 11, 21].map((n) => views('ru', n)),
    ['1 просмотр', '3 просмотра', '5 просмотров', '11 просмотров', '21 просмотр'],
  );
  equal('counts in Turkmen', views('tk', 2), '2 gezek okaldy');
  // What Turkmen looks like where the browser has never heard of it.
  const supported = Intl.DateTimeFormat.supportedLocalesOf;
  Intl.DateTimeFormat.supportedLocalesOf = () => [];
  equal('a date in Turkmen all the same', languageOf('tk').day(date), '2 mart 2021');
  Intl.DateTimeFormat.supportedLocalesOf = supported;
  equal('a text is filled in', fill('{a} of {b}', { a: 1, b: 2 }), '1 of 2');

  // What stands in for a language the app does not speak says which language it is in, wherever it stands.
  const { jsx, jsxs } = (await runnerImport(`${SOURCE}standing-in/jsx-runtime.ts`)).module;
  const { renderToStaticMarkup } = await import('react-dom/server');
  const shown = (locale, dir) => {
    const { t, moment } = languageOf(locale, 'UTC', dir);
    const inner = [t.tags, ': ', jsx('option', { children: t.tags }, 'o'), fill(t.withdrawnOn, { date: moment(date) })];
    return renderToStaticMarkup(jsxs('nav', { 'aria-label': t.tags, children: inner }));
  };
  const withdrawn = 'Withdrawn on 2 March 2021, 22:30';
  equal(
    'English on a page in Arabic',
    shown('ar', 'rtl'),
    '<nav aria-label="\u2066Subjects\u2069"><bdi lang="en" dir="ltr">Subjects</bdi>: <option lang="en" dir="ltr">Subjects</option>' +
      `<bdi lang="en" dir="ltr">${withdrawn}</bdi></nav>`,
  );
  equal(
    'English on a page in German',
    shown('de', 'ltr'),
    `<nav aria-label="Subjects"><bdi lang="en">Subjects</bdi>: <option lang="en">Subjects</option><bdi lang="en">${withdrawn}</bdi></nav>`,
  );
  const act = (locale, dir) => {
    const { t } = languageOf(locale, 'UTC', dir);
    return renderToStaticMarkup(jsxs('p', { children: [t.documentTypes.LAW, ' ', fill(t.number, { number: '٥/٢٠٢٦' }), ', ', 'قانون'] }));
  };
  equal('what reads on is one text', act('ar', 'rtl'), '<p><bdi lang="en" dir="ltr">Law No. ٥/٢٠٢٦</bdi>, قانون</p>');
  equal('what reads on in English', act('en', 'ltr'), '<p>Law No. ٥/٢٠٢٦, قانون</p>');
  equal('English on a page in English', shown('en', 'ltr').includes('lang='), false);

  // A placeholder that one language forgets would leave a hole in a sentence.
  const texts = async (locale) => Object.entries((await runnerImport(`${SOURCE}strings/${locale}.ts`)).module[locale]);
  const holes = (text) => (JSON.stringify(text).match(/\{[a-z]\w*\}/g) ?? []).sort();
  const unique = (list) => [...new Set(list)];
  const english = new Map(await texts('en'));
  for (const locale of ['ru', 'tk']) {
    for (const [name, text] of await texts(locale)) {
      if (name === 'months') continue;
      equal(`${locale}: ${name} has the same placeholders`, unique(holes(text)), unique(holes(english.get(name))));
    }
  }

  const assets = await readdir(new URL('assets/', DIST));
  let script = 0;
  for (const file of assets.filter((name) => name.endsWith('.js'))) {
    script += gzipSync(await readFile(new URL(`assets/${file}`, DIST)), { level: 9 }).length;
  }
  console.log(`     ${script} bytes of script, gzip`);
  check('the script is within its budget', script > 0 && script < BUDGET, script);
  check(
    'every asset has a hash in its name',
    assets.every((name) => /-[\w-]{8}\.\w+$/.test(name)),
    assets.join(' '),
  );
  const html = await readFile(new URL('index.html', DIST), 'utf8');
  const markers = ['{{courant:lang}}', '{{courant:dir}}', '<!--courant:head-->', '<!--courant:body-->', '<!--courant:data-->'];
  for (const marker of markers) equal(`index.html has ${marker} once`, html.split(marker).length, 2);
  check('index.html has no inline script and no style', !/<script(?![^>]*src=)|<style|style=/.test(html), html);
}
