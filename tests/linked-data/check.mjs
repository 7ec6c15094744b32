// Holds what every kind of page, and `Publication.jsonLd` of every text, says in the terms of schema.org against schema.org's vocabulary
// (types, their properties, what these may hold) and against what Google asks for. Needs a server with the samples: BASE_URL.
import Validator from '@adobe/structured-data-validator';

import { RULES, TOP } from './google.mjs';
import { Vocabulary } from './vocabulary.mjs';

const base = process.env.BASE_URL;
let [passed, failed] = [0, 0];
const told = new Set();

function check(what, wrong) {
  if (!wrong) return void (passed += 1);
  failed += 1;
  // Once is enough of what is wrong everywhere.
  if (!told.has(wrong) && told.size < 50) console.log(`FAILED: ${what}: ${wrong}`);
  told.add(wrong);
}

const known = Vocabulary.load();
const adobe = new Validator(known.graph());

// The checks would be none if they took everything.
for (const [what, data] of Object.entries({
  'a type that is none': { '@type': 'NewsItem', headline: 'A' },
  'a property that is none': { '@type': 'NewsArticle', headlines: 'A' },
  "another type's property": { '@type': 'Person', headline: 'A' },
  "another type's property within": { '@type': 'NewsArticle', author: { '@type': 'Person', legislationDate: '2026-01-01' } },
  'a text for a person': { '@type': 'Legislation', legislationPassedBy: 'Somebody' },
  'an act for a person': { '@type': 'Legislation', legislationPassedBy: { '@type': 'Legislation', name: 'A' } },
  'a day that is none': { '@type': 'Legislation', legislationDate: '1 May 2026' },
  'a force that is none': { '@type': 'Legislation', legislationLegalForce: 'https://schema.org/Somewhat' },
  'a number for a length': { '@type': 'ImageObject', width: 300 },
  'a path for an address': { '@type': 'Thing', url: '/en' },
  nothing: { '@type': 'NewsArticle', headline: null },
  'a reverse property of another type': { '@type': 'Person', name: 'A', '@reverse': { legislationRepeals: [{ '@type': 'Legislation', name: 'B' }] } },
})) {
  check(`${what} is not taken`, problems(data).length ? undefined : 'it is');
}
check(
  'what is right is taken',
  problems({
    '@type': 'OpinionNewsArticle',
    headline: 'A',
    author: [{ '@type': 'Person', name: 'B' }, { '@id': 'https://a.example/' }],
    datePublished: '2026-01-01',
    wordCount: 3,
    image: { '@type': 'ImageObject', width: { '@type': 'QuantitativeValue', value: 3, unitCode: 'E37' } },
  }).join(),
);

// What schema.org does not know of an object, within it included.
function problems(data, at = data['@type']) {
  const type = data['@type'];
  if (typeof type !== 'string' || !known.has(type)) return [`${at}: there is no type ${type}`];
  const properties = known.properties(type);
  return Object.entries(data).flatMap(([name, value]) => {
    if (name === '@type' || name === '@context') return [];
    if (name === '@id') return URL.canParse(value) ? [] : [`${at}: its @id is no address`];
    if (name === '@reverse') return reversed(type, value, at);
    // How an action's properties are filled in (schema.org/docs/actions.html).
    const range = name.endsWith('-input') ? ['Text', 'PropertyValueSpecification'] : properties.get(name);
    // Google asks for an address in the place of the page itself.
    if (type === 'ListItem' && name === 'item' && URL.canParse(value)) return [];
    if (!range) return [`${at}: ${type} has no ${name}`];
    const misfit = known.misfit(value, range);
    const below = [value].flat().filter((one) => one?.['@type']);
    return [...(misfit ? [`${at}.${name}: ${misfit}`] : []), ...below.flatMap((one) => problems(one, `${at}.${name}`))];
  });
}

// What others say of it: by properties of theirs that may hold such as it is.
function reversed(type, said, at) {
  return Object.entries(said).flatMap(([name, others]) =>
    [others].flat().flatMap((other) => {
      const range = known.has(other['@type']) && known.properties(other['@type']).get(name);
      if (!range) return [`${at}: ${other['@type']} has no ${name}`];
      return [...(range.some((one) => known.is(type, one)) ? [] : [`${at}: ${name} holds no ${type}`]), ...problems(other, `${at}^${name}`)];
    }),
  );
}

function asked(data, what, at, is_top = true) {
  const type = data['@type'];
  for (const rule of [...(RULES[type] ?? []), ...((is_top && TOP[type]) || [])]) check(what, rule(data) && `${at}: ${rule(data)}`);
  const within = Object.entries(data).filter(([name]) => !name.startsWith('@'));
  for (const [name, value] of within) for (const one of [value].flat()) if (one?.['@type']) asked(one, what, `${at}.${name}`, false);
}

async function linked(what, all) {
  check(`${what} says something`, all.length ? undefined : 'it says nothing');
  for (const data of all) {
    check(what, data['@context'] === 'https://schema.org' ? undefined : 'it is not of schema.org');
    const wrong = problems(data);
    check(what, wrong.join('; '));
    asked(data, what, data['@type']);
  }
  const byType = {};
  for (const data of structuredClone(all)) (byType[data['@type']] ??= []).push(data);
  const issues = await adobe.validate({ jsonld: byType, errors: [] });
  check(what, issues.map((issue) => `${issue.rootType}: ${issue.issueMessage}`).join('; '));
}

async function get(path) {
  const answer = await fetch(base + path);
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.text();
}

async function query(query, variables) {
  const answer = await fetch(`${base}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await answer.json();
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

const scripts = (html) =>
  [...html.matchAll(/<script[^>]*type="?application\/ld\+json"?[^>]*>([\s\S]*?)<\/script>/g)].flatMap((found) => [JSON.parse(found[1])].flat());
// Where it is not set where the site is, addresses are paths for whoever asks.
const ADDRESSES = ['@id', 'url', 'item', 'mainEntityOfPage'];
const whole = (name, value) => (ADDRESSES.includes(name) && typeof value === 'string' ? new URL(value, base).href : value);
const kinds = new Map();
const types = new Set();

for (const locale of ['en', 'ru', 'tk']) {
  // Pages of lists, and of every text.
  const index = await get('/sitemap.xml');
  const parts = [...index.matchAll(new RegExp(`<loc>[^<]*?(/sitemap/${locale}/[^<]*)</loc>`, 'g'))].map((found) => found[1]);
  const paths = new Set();
  for (const part of parts) {
    for (const [, url] of (await get(part)).matchAll(/<loc>([^<]*)<\/loc>/g)) paths.add(new URL(url).pathname);
  }
  for (const path of paths) {
    const [, , kind = 'front'] = path.split('/');
    // A browser has them in the head; of a page of a list there may be less to say than of its first one.
    const said = scripts(await get(path));
    await linked(path, said);
    const name = kind === 'decrees' && path.split('/').length === 3 ? 'register' : kind;
    kinds.set(name, (kinds.get(name) ?? 0) + 1);
    for (const { '@type': type } of said) types.add(type);
  }
  let after = null;
  do {
    const { publications } = await query(
      `query ($locale: Locale!, $after: String) { publications(locale: $locale, first: 50, after: $after, filter: { includeWithdrawn: true, exactLocale: true }) {
        nodes { path jsonLd } pageInfo { hasNextPage endCursor } } }`,
      { locale, after },
    );
    for (const { path, jsonLd } of publications.nodes) {
      await linked(`jsonLd of ${path}`, JSON.parse(jsonLd, whole));
      kinds.set('jsonLd', (kinds.get('jsonLd') ?? 0) + 1);
    }
    after = publications.pageInfo.hasNextPage ? publications.pageInfo.endCursor : null;
  } while (after);
}

for (const kind of ['front', 'register', 'articles', 'decrees', 'categories', 'tags', 'feeds', 'people', 'jsonLd'])
  check(`there are pages of ${kind}`, kinds.get(kind) ? undefined : 'there are none');
for (const type of ['NewsArticle', 'Legislation', 'BreadcrumbList', 'WebSite', 'Organization', 'ProfilePage', 'CollectionPage', 'ItemList'])
  check(`pages speak of ${type}`, types.has(type) ? undefined : 'they do not');
console.log([...kinds].map(([kind, count]) => `${count} ${kind}`).join(', '));
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
