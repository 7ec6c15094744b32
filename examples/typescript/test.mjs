// Runs the program against a Courant with the sample content:  BASE_URL=http://127.0.0.1:8080 npm test
// Ends with the line `N passed, N failed`.
import { GraphQLErrors, ask } from './build/ask.js';
import { CategoryWithPagingDocument } from './build/gql/graphql.js';
import { categoryTitles, frontPage, portalPage } from './build/pages.js';

let passed = 0;
let failed = 0;

function check(name, ok, detail) {
  if (ok) passed += 1;
  else failed += 1;
  if (!ok) console.log(`FAIL ${name}\n     ${detail}`);
}

try {
  const { BASE_URL } = process.env;
  if (!BASE_URL) throw new Error('set BASE_URL, for example http://127.0.0.1:8080');
  const url = `${BASE_URL}/graphql`;

  const portal = await portalPage(url);
  check('the way to the article', portal.includes('\\ Politics \\') || portal.includes('\\ Politics'), portal);
  check(
    'when it was published, and how often it was read',
    /Published 2 March 2021, read \d+ times/.test(portal),
    portal,
  );
  check('ten of the last news', (portal.match(/\((Article|Decree)\)$/gm) ?? []).length === 10, portal);
  check('its translations', portal.includes('[ru] ') && portal.includes('[tk] '), portal);

  const front = await frontPage(url, 'ru');
  check('twenty articles in Russian', front.split('\n').length === 40 && /[а-яё]/i.test(front), front);

  const pages = [];
  for await (const titles of categoryTitles(url, 'politics', 'en')) pages.push(titles);
  check(
    'pages of five',
    pages.length > 1 && pages.slice(0, -1).every(({ length }) => length === 5),
    JSON.stringify(pages),
  );
  const all = pages.flat();
  check('no article twice', new Set(all).size === all.length, JSON.stringify(all));
  const missing = await ask(url, CategoryWithPagingDocument, { path: 'no-such-thing', locale: 'en' });
  check('a category that is not there is null', missing.category === null, JSON.stringify(missing));

  const refused = await ask(url, CategoryWithPagingDocument, { path: 'politics', locale: 'xx' }).catch(
    (error) => error,
  );
  check(
    'errors have a code',
    refused instanceof GraphQLErrors && refused.errors[0].extensions.code === 'UNKNOWN_LOCALE',
    refused,
  );
  const nowhere = await ask(`${BASE_URL}/nothing`, CategoryWithPagingDocument, {
    path: 'politics',
    locale: 'en',
  }).catch((it) => it);
  check('what is no GraphQL service is an error', nowhere instanceof Error, nowhere);
} catch (error) {
  check('the tests run to their end', false, error.stack ?? error);
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
