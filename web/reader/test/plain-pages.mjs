// What readers see who run no script, and everybody for as long as the script is on its way: every sort of page can be read, and
// the site walked; and nothing is of another size once the script has taken over.
import { ask } from './browser.mjs';
import { desktop, launch, open, phone } from './chromium.mjs';
import { check, equal, step } from './check.mjs';

const ARTICLE = '/en/articles/future-dialogue-with-migration-organisation';

/** Pages of every sort: their status, and what has to stand in them. */
const PAGES = {
  '/en': { says: ['Latest', 'Official acts', 'Last news'] },
  '/ru': { says: ['Последние новости'] },
  [ARTICLE]: {
    says: ['Aylar Nuryyeva', '2 March 2021', 'Also in', 'Both sides will take stock in Ashkend in October.', 'What was changed'],
    types: ['NewsArticle', 'BreadcrumbList', 'Organization', 'Person'],
  },
  '/en/decrees/law-on-pensions?on=2023-01-01': {
    says: ['No. 77-IV', 'Signed by', 'In force from', 'On 1 January 2023', 'Not yet in force', 'Relations to other acts'],
    types: ['Legislation'],
  },
  '/en/categories/politics': { says: ['publications', 'Foreign policy', 'Show more'], types: ['CollectionPage', 'ItemList'] },
  '/tk/categories/politics/foreign-policy': { says: ['makala we nama'] },
  '/en/tags/gas': { says: ['Subject', 'publications'], types: ['CollectionPage', 'ItemList'] },
  '/en/people/aylar-nuryyeva': { says: ['Aylar Nuryyeva', 'Correspondent', 'publication'], types: ['ProfilePage', 'Person'] },
  '/en/feeds/last-news': { says: ['Feed', 'Newest first', 'Show more'], types: ['CollectionPage', 'ItemList'] },
  '/en/feeds': { says: ['Chosen by the editors'], types: ['CollectionPage'] },
  '/ru/decrees?kind=LAW&status=IN_FORCE': { says: ['Реестр', 'Закон'], types: ['CollectionPage'] },
  '/en/search?q=commission&kind=ARTICLE': { says: ['“commission” · ', 'results', 'Narrow down', 'Only:', 'Official acts', 'Newest first'] },
  '/tk/search?q=qqqqzzzz': { says: ['«qqqqzzzz» · 0 netije', 'Hiç zat tapylmady.'] },
  '/ru/search?q=%3Cscript%3Ealert(1)%3C/script%3E': { says: ['«<script>alert(1)</script>»'] },
  '/en/articles/no-such-thing': { status: 404, says: ['There is no such page', 'To the front page'] },
  '/xx/nothing': { status: 404, says: ['There is no such page'] },
  '/en/articles/visitor-survey-2019': { status: 410, says: ['This page is gone', 'To the front page'] },
};

export async function plainTests(origin) {
  const browser = await launch();
  try {
    await step('every sort of page without scripts', () => reading(browser, origin));
    await step('the way through lists without scripts', () => walking(browser, origin));
    await step('the script takes over what is there', () => takingOver(browser, origin));
  } finally {
    await browser.close();
  }
}

async function reading(browser, origin) {
  const { page, context, goto, screenshot, troubles } = await open(browser, origin, { ...phone, javaScriptEnabled: false });
  const titles = new Set();
  const byServer = await servesLinkedData(origin);
  for (const [path, { status = 200, says, types = [] }] of Object.entries(PAGES)) {
    equal(`${path}: its status`, (await goto(path)).status(), status);
    const text = (await page.locator('#root').innerText()).replace(/\u00a0/g, ' ');
    for (const words of says) check(`${path}: it says "${words}"`, text.includes(words), text.slice(0, 1500));
    equal(`${path}: one heading`, await page.locator('h1').count(), 1);
    const title = await page.title();
    check(`${path}: a title of its own`, title.length > 5 && (!titles.has(title) || path.startsWith('/xx')), title);
    titles.add(title);
    const description = await page.locator('meta[name=description]').getAttribute('content');
    check(`${path}: a description`, (description?.length ?? 0) > 10, description);
    equal(`${path}: the way to the sections`, (await page.locator('header nav a[href*="/categories/"]').count()) > 3, true);
    const locale = /^\/(en|ru|tk)/.exec(path)?.[1] ?? 'en';
    equal(`${path}: its language`, await page.locator('html').getAttribute('lang'), locale);
    if (!byServer) continue;
    const found = (await page.locator('script[type="application/ld+json"]').allTextContents()).map((json) => JSON.parse(json));
    for (const type of types) check(`${path}: ${type}`, JSON.stringify(found).includes(`"@type":"${type}"`), JSON.stringify(found));
  }
  const { width, window } = await page.evaluate(() => ({ width: document.documentElement.scrollWidth, window: innerWidth }));
  check('nothing is wider than a phone', width <= window, `${width} > ${window}`);
  await goto(ARTICLE);
  const date = page.locator('main article time').first();
  equal('a date is one for machines, too', await date.getAttribute('datetime'), '2021-03-02T09:30:00Z');
  equal('four paragraphs', await page.locator('article > div > div > p').count(), 4);
  await screenshot('plain-article');
  equal('nothing is amiss', troubles, []);
  await context.close();
}

/** The stand-in writes no linked data, the server does. */
async function servesLinkedData(origin) {
  return (await (await fetch(`${origin}${ARTICLE}`)).text()).includes('application/ld+json');
}

/** Follows what leads to another page, and waits for all of it: a click by itself waits for its first bytes alone. */
async function leave(page, link) {
  const loaded = page.waitForEvent('load');
  await link.click();
  await loaded;
}

async function walking(browser, origin) {
  const { page, context, goto } = await open(browser, origin, { ...desktop, javaScriptEnabled: false });
  // From the front page to a section, to the rest of its list, to an article and to its other languages.
  await goto('/en');
  await leave(page, page.getByRole('navigation', { name: 'Sections' }).getByRole('link', { name: 'Politics' }));
  const seen = await page.locator('main article h2 a').evaluateAll((all) => all.map((a) => a.pathname));
  equal('twenty at first', seen.length, 20);
  await leave(page, page.getByRole('link', { name: 'Show more' }));
  const rest = await page.locator('main article h2 a').evaluateAll((all) => all.map((a) => a.pathname));
  check('the rest are others', rest.length > 0 && rest.every((path) => !seen.includes(path)), rest.join(' '));
  check('and the way back', await page.getByRole('link', { name: /From the beginning/ }).isVisible());
  await leave(page, page.locator('main article h2 a').first());
  equal('it leads to an article', new URL(page.url()).pathname, rest[0]);
  // A form like any other.
  await goto('/en/decrees');
  await page.getByLabel('Law', { exact: true }).check();
  await leave(page, page.getByRole('button', { name: 'Show' }));
  equal('the register is filtered', new URL(page.url()).searchParams.getAll('kind'), ['LAW']);
  const lines = await page.locator('main article').allInnerTexts();
  check('it has laws alone', lines.length > 0 && lines.every((line) => /\bLaw\b/.test(line)), lines.join('\n'));
  check('and says what it is filtered by', await page.getByLabel('Law', { exact: true }).isChecked());
  await context.close();
  // No page leads nowhere.
  const found = new Map([['/en', undefined]]);
  for (const [path, from] of found) {
    if (found.size > 400) break;
    const answer = await fetch(origin + path);
    check(`${path} is there, linked from ${from}`, answer.ok, answer.status);
    for (const [, href] of (await answer.text()).matchAll(/<a [^>]*href="(\/[^"#]*)/g)) {
      const to = href.replaceAll('&amp;', '&');
      if (found.size < 120 && !found.has(to)) found.set(to, path);
    }
  }
  check('there was much to see', found.size > 100, found.size);
}

/** The elements of a page, with their places and sizes. */
const outline = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('#root *')]
      .filter((it) => !it.closest('svg') && !it.closest('[class*=progress]'))
      .map((it) => {
        const { x, y, width, height } = it.getBoundingClientRect();
        const text = it.children.length > 0 ? '' : it.textContent.replace(/\s+/g, ' ').trim();
        return { what: `${it.tagName}.${it.className} ${text}`, box: [x, y, width, height] };
      }),
  );

async function takingOver(browser, origin) {
  const paths = ['/en', ARTICLE, '/ru/decrees/zakon-o-pensiyakh?on=2023-01-01', '/tk/categories/politics', '/ru/tags/gas', '/tk/feeds', '/en/decrees', '/en/search?q=commission&kind=ARTICLE', '/ru/search?q=qqqqzzzz&year=1999', '/en/x'];
  for (const [device, options] of Object.entries({ desktop, phone })) {
    const [plain, app] = await Promise.all(
      [false, true].map((javaScriptEnabled) => open(browser, origin, { ...options, javaScriptEnabled })),
    );
    // A font that comes too late for one of them is not what this is about.
    for (const { page } of [plain, app]) await page.route('**/*.woff2', (route) => route.abort());
    for (const path of paths) {
      const [before, after] = await Promise.all(
        [plain, app].map(async ({ page, goto }) => {
          await goto(path);
          await page.evaluate(() => document.fonts.ready);
          return outline(page);
        }),
      );
      equal(`${path} on a ${device}: what is there`, after.map(({ what }) => what), before.map(({ what }) => what));
      const moved = before.filter(({ box }, index) => box.some((edge, at) => Math.abs(edge - (after[index]?.box[at] ?? 0)) > 1.5));
      equal(`${path} on a ${device}: nothing moves`, moved, []);
    }
    await Promise.all([plain.context.close(), app.context.close()]);
  }
}
