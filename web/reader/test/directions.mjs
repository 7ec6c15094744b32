// Pages of a language that is written from the right to the left. The samples have none: what comes from the server is told here that
// Turkmen is one, so that all of it can be seen, with texts in English and Russian beside it where Turkmen has none.
import { axe, desktop, launch, open, phone } from './chromium.mjs';
import { check, equal, step } from './check.mjs';

const PAGES = [
  '/tk',
  '/tk/categories/politics',
  '/tk/decrees',
  '/tk/feeds',
  '/tk/feeds/last-news',
  '/tk/search?q=gaz',
  '/tk/tags/gas',
  '/tk/articles/no-such-thing',
];

export async function directionTests(origin) {
  const browser = await launch();
  try {
    for (const [device, options] of Object.entries({ desktop, phone })) {
      for (const javaScriptEnabled of [true, false]) {
        const how = `${device}${javaScriptEnabled ? '' : ', without scripts'}`;
        await step(`pages from the right to the left, ${how}`, () => mirrored(browser, origin, how, { ...options, javaScriptEnabled }));
      }
    }
    await step('from one direction to the other', () => turning(browser, origin));
  } finally {
    await browser.close();
  }
}

/** Lets Turkmen be written from the right. */
async function turned(page) {
  const turn = (text) =>
    text
      .replaceAll('lang="tk" dir="ltr"', 'lang="tk" dir="rtl"')
      .replaceAll(/\{[^{}]*"tag":"tk"[^{}]*\}/g, (language) => language.replace('"LTR"', '"RTL"'));
  await page.route(
    (url) => !url.pathname.includes('.'),
    async (route) => {
      if (!['document', 'fetch', 'xhr'].includes(route.request().resourceType())) return route.continue();
      const response = await route.fetch({ maxRedirects: 0 });
      return route.fulfill({ response, body: turn(await response.text()) });
    },
  );
}

const directionOf = (locator) => locator.evaluate((it) => getComputedStyle(it).direction);

async function mirrored(browser, origin, how, options) {
  const { page, context, goto, screenshot } = await open(browser, origin, options);
  await turned(page);
  let foreign = 0;
  for (const path of PAGES) {
    await goto(path);
    const root = page.locator('html');
    equal(`${how}: ${path}: its language and direction`, [await root.getAttribute('lang'), await root.getAttribute('dir')], ['tk', 'rtl']);
    equal(`${how}: ${path}: a heading goes with the page`, await directionOf(page.locator('main h1')), 'rtl');
    const { wide, window, from } = await page.evaluate(() => ({
      wide: document.documentElement.scrollWidth,
      window: innerWidth,
      from: Math.min(...[...document.querySelectorAll('main *')].map((it) => it.getBoundingClientRect().left)),
    }));
    check(`${how}: ${path}: nothing is wider than the window`, wide <= window, `${wide} > ${window}`);
    check(`${how}: ${path}: nothing stands outside`, from >= -1, from);
    const emblem = await page.locator('header svg').first().boundingBox();
    check(`${how}: ${path}: it begins at the right`, emblem.x > window / 2, emblem.x);
    for (const text of await page.locator('main [lang]:not([lang=tk])').all()) {
      foreign += 1;
      const seen = [await text.getAttribute('dir'), await directionOf(text)];
      equal(`${how}: ${path}: another language has its own direction`, seen, ['ltr', 'ltr']);
    }
    if (options.javaScriptEnabled) equal(`${how}: ${path}: axe finds nothing`, await axe(page), []);
    await screenshot(`rtl-${how.replaceAll(/\W+/g, '-')}-${PAGES.indexOf(path)}`);
  }
  check(`${how}: texts in other languages were seen`, foreign > 0, foreign);
  // What is asked for behind what is shown may be under way.
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await context.close();
}

async function turning(browser, origin) {
  const { page, context, goto } = await open(browser, origin, desktop);
  await turned(page);
  await goto('/en');
  const root = page.locator('html');
  equal('English is written from the left', await root.getAttribute('dir'), 'ltr');
  const emblem = page.locator('header svg').first();
  const before = (await emblem.boundingBox()).x;
  await page.getByRole('navigation', { name: 'Language' }).getByText('Türkmençe').click();
  await page.waitForFunction(() => document.documentElement.lang === 'tk');
  equal('what follows it in the other language is turned', await root.getAttribute('dir'), 'rtl');
  check('all of it', (await emblem.boundingBox()).x > before);
  await page.goBack();
  await page.waitForFunction(() => document.documentElement.lang === 'en');
  equal('and back', await root.getAttribute('dir'), 'ltr');
  // What is asked for behind what is shown may be under way.
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await context.close();
}
