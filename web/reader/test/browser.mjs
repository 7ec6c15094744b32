// The app in a headless Chromium, as readers use it.
import { axe, at, desktop, launch, open, phone } from './chromium.mjs';
import { check, equal, step } from './check.mjs';

const LOCALES = ['en', 'ru', 'tk'];
const ARTICLE = '/en/articles/future-dialogue-with-migration-organisation';
const LAW = '/en/decrees/law-on-pensions';

/** The words by which the tests know the languages apart. */
const SAID = {
  en: {
    sought: 'commission',
    home: 'Home',
    lastNews: 'Last news',
    date: '2 March 2021',
    views: '3,739 views',
    force: 'In force',
    offline: 'You are offline',
  },
  ru: {
    sought: 'закон',
    home: 'Главная',
    lastNews: 'Последние новости',
    date: '2 марта 2021 г.',
    views: '3 739 просмотров',
    force: 'Действует',
  },
  tk: {
    sought: 'kanun',
    home: 'Baş sahypa',
    lastNews: 'Soňky habarlar',
    date: '2 mart 2021',
    views: '3 739 gezek okaldy',
    force: 'Güýjünde',
  },
};

/** The samples' pages in a language; each with the status it is served with. */
async function pagesOf(origin, locale) {
  const { article, decree } = await ask(
    origin,
    `query ($article: String!, $decree: String!) {
      article(by: { path: $article }) { locale path translations { locale path } }
      decree(by: { path: $decree }) { locale path translations { locale path } }
    }`,
    { article: ARTICLE, decree: LAW },
  );
  const inLocale = (it) => [it, ...it.translations].find((one) => one.locale === locale).path;
  return {
    front: [`/${locale}`, 200],
    article: [inLocale(article), 200],
    decree: [`${inLocale(decree)}?on=2023-01-01`, 200],
    category: [`/${locale}/categories/politics`, 200],
    subcategory: [`/${locale}/categories/politics/foreign-policy`, 200],
    tag: [`/${locale}/tags/gas`, 200],
    feed: [`/${locale}/feeds/last-news`, 200],
    register: [`/${locale}/decrees?status=IN_FORCE&kind=LAW`, 200],
    feeds: [`/${locale}/feeds`, 200],
    search: [`/${locale}/search?q=${SAID[locale].sought}`, 200],
    nothing: [`/${locale}/search?q=qqqqzzzz&kind=DECREE`, 200],
    missing: [`/${locale}/articles/no-such-thing`, 404],
    // The samples have one address that is gone, in English.
    ...(locale === 'en' && { gone: ['/en/articles/visitor-survey-2019', 410] }),
  };
}

export async function ask(origin, query, variables, headers = {}) {
  const answer = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...headers },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await answer.json();
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

export async function browserTests(origin) {
  const browser = await launch();
  try {
    for (const locale of LOCALES) {
      for (const [kind, [path, status]] of Object.entries(await pagesOf(origin, locale))) {
        await step(`${kind} in ${locale}`, () => aPage(browser, origin, { locale, kind, path, status }));
      }
    }
    const steps = {
      'the article page': articlePage,
      'the decree page': decreePage,
      'the front page': frontPage,
      'a page without inlined data': withoutInlinedData,
      'one request a page, focus, and back': navigation,
      'headings in the address': headings,
      'further pages of a list': paging,
      'further pages of the register': registerPaging,
      'the language switch': languageSwitch,
      'the register': register,
      redirects: redirects,
      'the best language': bestLanguage,
      'a language the site has not': unknownLanguage,
      'a cursor of no list': badCursor,
      'the keyboard': keyboard,
      offline: offline,
      'a slow network': slow,
      'a service that fails': failing,
      'a picture that does not come': missingPicture,
      'a narrow window': narrow,
      'without JavaScript': withoutScript,
    };
    for (const [name, run] of Object.entries(steps)) await step(name, () => run(browser, origin));
  } finally {
    await browser.close();
  }
}

/** What holds of every page, on a desktop in light and on a phone in dark. */
async function aPage(browser, origin, { locale, kind, path, status }) {
  for (const [device, options] of Object.entries({ desktop, phone })) {
    const name = `${kind}-${locale}-${device}`;
    const reader = await open(browser, origin, options);
    const { page, troubles, asked } = reader;
    const answer = await reader.goto(path);
    await page.evaluate(() => document.fonts.ready);
    equal(`${name}: its status`, answer.status(), status);
    const policy = answer.headers()['content-security-policy'] ?? '';
    check(
      `${name}: a strict Content-Security-Policy`,
      /default-src 'none'/.test(policy) && !/unsafe/.test(policy),
      policy,
    );
    equal(`${name}: nothing is asked that was sent along`, asked, []);
    equal(`${name}: its language`, await page.locator('html').getAttribute('lang'), locale);
    equal(`${name}: one heading`, await page.locator('h1').count(), 1);
    equal(`${name}: one title`, await page.locator('head title').count(), 1);
    check(`${name}: the title is not empty`, (await page.title()).length > 3, await page.title());
    const { wide, window } = await page.evaluate(() => ({
      wide: document.documentElement.scrollWidth,
      window: innerWidth,
    }));
    check(`${name}: nothing is wider than the window`, wide <= window, `${wide} > ${window}`);
    equal(`${name}: axe finds nothing`, await axe(page), []);
    if (status === 200 && !['search', 'nothing'].includes(kind)) {
      const canonical = await page.locator('link[rel=canonical]').getAttribute('href');
      equal(`${name}: its canonical address`, canonical, origin + path.split('?')[0]);
      const languages = await page
        .locator('link[rel=alternate][hreflang]')
        .evaluateAll((all) => all.map((it) => it.hreflang));
      equal(`${name}: its languages`, languages.sort(), [...LOCALES, 'x-default']);
    } else {
      equal(
        `${name}: is not for search engines`,
        await page.locator('meta[name=robots]').getAttribute('content'),
        'noindex',
      );
    }
    equal(`${name}: nothing is amiss`, troubles, []);
    await reader.screenshot(name);
    await reader.context.close();
  }
}

/** The page of a state news portal that all of this is for: see section 1 of the design. */
async function articlePage(browser, origin) {
  for (const locale of LOCALES) {
    const { article } = await pagesOf(origin, locale);
    const { page, context, goto } = await open(browser, origin);
    await goto(article[0]);
    const crumbs = await page.locator('main nav ol').first().locator('li').allInnerTexts();
    const title = await page.locator('h1').innerText();
    equal(`${locale}: Home \\ Politics \\ title`, [crumbs.length, crumbs[0], crumbs[2]], [3, SAID[locale].home, title]);
    const text = (await page.locator('main').innerText()).replace(/\u00a0/g, ' ');
    check(`${locale}: when it was published`, text.includes(SAID[locale].date), text);
    check(`${locale}: how often it was read`, text.includes(SAID[locale].views), text);
    equal(`${locale}: four paragraphs`, await page.locator('article > div > div > p').count(), 4);
    const news = page.getByRole('complementary', { name: SAID[locale].lastNews });
    equal(`${locale}: ten headlines`, await news.getByRole('listitem').count(), 10);
    equal(`${locale}: each with its date`, await news.locator('time').count(), 10);
    const { feed } = await ask(
      origin,
      'query ($locale: Locale!) { feed(slug: "last-news", locale: $locale) { items(first: 10) { nodes { __typename } } } }',
      { locale },
    );
    const acts = feed.items.nodes.filter(({ __typename }) => __typename === 'Decree').length;
    equal(`${locale}: the acts among them`, await news.locator('a[href*="/decrees/"]').count(), acts);
    const others = page.locator('article nav[aria-labelledby=translations] a');
    equal(`${locale}: in two other languages`, await others.count(), 2);
    check(
      `${locale}: what was changed`,
      (await page
        .getByRole('region')
        .filter({ has: page.locator('#changes') })
        .count()) === 1,
    );
    check(`${locale}: what is related`, (await page.locator('section[aria-labelledby=related] article').count()) === 5);
    check(
      `${locale}: the act it reports on`,
      (await page.locator('section[aria-labelledby=acts] article').count()) === 1,
    );
    check(
      `${locale}: its picture`,
      await page.locator('main img').evaluate((img) => img.complete && img.naturalWidth > 0),
    );
    await context.close();
  }
}

async function decreePage(browser, origin) {
  for (const locale of LOCALES) {
    const { decree } = await pagesOf(origin, locale);
    const { page, context, goto, takeAsked, troubles } = await open(browser, origin);
    await goto(decree[0].split('?')[0]);
    const standing = page.locator('article form').locator('xpath=..');
    check(
      `${locale}: its status today`,
      (await standing.innerText()).includes(SAID[locale].force),
      await standing.innerText(),
    );
    equal(`${locale}: only today's status`, await standing.locator('dd').count(), 1);
    check(`${locale}: its number`, (await page.locator('main header p').first().innerText()).includes('77-IV'));
    equal(`${locale}: its relation to another`, await page.locator('section[aria-labelledby=relations] li').count(), 1);
    check(
      `${locale}: what reports on it`,
      (await page.locator('section[aria-labelledby=coverage] article').count()) >= 2,
    );
    await page.locator('#on').fill('2023-01-01');
    await page.locator('#on').press('Enter');
    await standing.locator('dd').nth(1).waitFor();
    equal(`${locale}: the day is in the address`, new URL(page.url()).search, '?on=2023-01-01');
    equal(`${locale}: the status of that day took one request`, takeAsked(), ['Page']);
    const then = await standing.locator('dd').nth(1).innerText();
    check(`${locale}: it was not yet in force that day`, then !== SAID[locale].force && then !== '', then);
    await page.goBack();
    await standing.locator('dd').nth(1).waitFor({ state: 'detached' });
    equal(`${locale}: nothing is amiss`, troubles, []);
    await context.close();
  }
}

async function frontPage(browser, origin) {
  const { page, context, goto } = await open(browser, origin);
  await goto('/en');
  equal('one lead', await page.locator('main > div article h2').count(), 1);
  equal('the latest', await page.locator('section[aria-labelledby=latest] article').count(), 6);
  equal('six acts', await page.locator('section[aria-labelledby=acts] article').count(), 6);
  equal('six sections', await page.locator('main > div:last-child > section').count(), 6);
  equal('the last news', await page.locator('aside[aria-labelledby=last-news] li').count(), 10);
  await context.close();
}

async function withoutInlinedData(browser, origin) {
  const { page, context, goto, asked, shown, troubles } = await open(browser, origin);
  await page.route(`${origin}${ARTICLE}`, async (route) => {
    const answer = await route.fetch();
    const body = (await answer.text()).replace(/<script type="application\/json"[^]*?<\/script>/, '');
    await route.fulfill({ response: answer, body });
  });
  await goto(ARTICLE);
  await shown('Minister and migration agency');
  equal('the app asks for itself, once', asked, ['Page']);
  equal('nothing is amiss', troubles, []);
  await context.close();
}

async function navigation(browser, origin) {
  const { page, context, goto, shown, takeAsked, troubles } = await open(browser, origin);
  await goto('/en');
  const preview = page.locator('meta[property="og:title"]');
  equal('what the server wrote for previews stays on the first page', await preview.count(), 1);
  const sections = page.getByRole('navigation', { name: 'Sections' });
  await sections.getByRole('link', { name: 'Economy' }).click();
  await shown('Economy');
  equal('and goes with it', await preview.count(), 0);
  equal('a category is one request', takeAsked(), ['Page']);
  equal('its address', at(page), '/en/categories/economy');
  check('its title', (await page.title()).startsWith('Economy · '), await page.title());
  equal('its heading has the focus', await page.evaluate(() => document.activeElement.tagName), 'H1');

  const link = page.locator('main article a').nth(5);
  const title = await link.innerText();
  await link.scrollIntoViewIfNeeded();
  const before = await page.evaluate(() => scrollY);
  check('the list was scrolled', before > 0);
  await link.click();
  await shown(title);
  equal('an article is one request', takeAsked(), ['Page']);
  equal('it begins at its top', await page.evaluate(() => scrollY), 0);

  await page.goBack();
  await shown('Economy');
  await page.waitForFunction((y) => Math.abs(scrollY - y) < 2, before);
  check('back is where the reader was', true);
  await page.goForward();
  await shown(title);
  equal('no page was loaded anew', await page.evaluate(() => performance.getEntriesByType('navigation').length), 1);

  await page.locator('header a').first().click();
  await page.waitForURL(`${origin}/en`);
  takeAsked();
  await page.evaluate(() => scrollTo(0, 500));
  await page.locator('header a').first().click();
  await page.waitForFunction(() => scrollY === 0);
  equal('a link to the page itself opens it again', takeAsked(), ['FrontPage']);

  // A link in the text of an article is followed in place, too.
  await goto(ARTICLE);
  await page.evaluate(() => Object.assign(window, { same: true }));
  await page.getByRole('link', { name: 'register of citizens abroad', exact: true }).click();
  await shown('On a temporary register of citizens abroad');
  check('a link of the text is followed in place', await page.evaluate(() => window.same === true));
  equal('nothing is amiss', troubles, []);
  await context.close();
}

async function headings(browser, origin) {
  const { page, context, goto, troubles, asked } = await open(browser, origin);
  await goto(`${LAW}#chapter-2-supplementary-accounts`);
  const heading = page.locator('#user-content-chapter-2-supplementary-accounts');
  equal('the heading is there', await heading.count(), 1);
  const top = () => heading.evaluate((it) => it.getBoundingClientRect().top);
  check('a page opens at the heading its address names', (await top()) < 200, await top());
  await goto(`${LAW}#100%`);
  await page.evaluate(() => scrollTo(0, 700));
  await page.reload();
  await page.waitForFunction(() => scrollY === 700);
  check('a reload stays where the reader was', true);
  equal('nothing is asked for that', asked, []);
  equal('nothing is amiss', troubles, []);
  await context.close();
}

async function paging(browser, origin) {
  const { page, context, goto, shown, takeAsked, troubles } = await open(browser, origin);
  await goto('/en/categories/politics');
  const items = page.locator('main article');
  equal('twenty at first', await items.count(), 20);
  const total = Number.parseInt(
    await page
      .locator('main header')
      .innerText()
      .then((text) => /(\d+) publications/.exec(text)[1]),
    10,
  );
  check('there are more', total > 20 && total <= 40, total);
  await page.mouse.wheel(0, 20_000);
  await page.waitForFunction((n) => document.querySelectorAll('main article').length === n, total);
  equal('the next page came by itself, in one request', takeAsked(), ['MorePublications']);
  const paths = await items.locator('a').evaluateAll((all) => all.map((a) => a.pathname));
  equal('none came twice', new Set(paths).size, total);
  equal('the end has no button', await page.getByRole('link', { name: 'Show more' }).count(), 0);

  const last = items.last().locator('a');
  const title = await last.innerText();
  await last.scrollIntoViewIfNeeded();
  const before = await page.evaluate(() => scrollY);
  await last.click();
  await shown(title);
  takeAsked();
  await page.goBack();
  await shown('Politics');
  await page.waitForFunction((n) => document.querySelectorAll('main article').length === n, total);
  await page.waitForFunction((y) => Math.abs(scrollY - y) < 2, before);
  check('back shows all pages again, where the reader was', true);
  equal('the pages were still in the cache', takeAsked(), ['Page']);

  // The button is a link for those who open it in a tab of its own, and for crawlers.
  await goto('/en');
  await goto('/en/categories/politics');
  const more = page.getByRole('link', { name: 'Show more' });
  await goto(await more.getAttribute('href'));
  await shown('Politics');
  equal('the rest has an address of its own', await items.count(), total - 20);
  check(
    'it says that it is not the beginning',
    await page.getByRole('link', { name: /From the beginning/ }).isVisible(),
  );

  // When a page does not come, the list says so, and goes on when asked again.
  await goto('/en/feeds/last-news');
  await page.route('**/graphql', (route) => route.abort());
  await page.mouse.wheel(0, 20_000);
  const retry = page.locator('main').getByRole('button', { name: 'Try again' });
  await retry.waitFor();
  equal('what was there stays', await items.count(), 20);
  await page.unroute('**/graphql');
  troubles.length = 0;
  await retry.click();
  await page.waitForFunction(() => document.querySelectorAll('main article').length === 40);
  equal('nothing is amiss', troubles, []);
  await context.close();
}

async function registerPaging(browser, origin) {
  const { page, context, goto, takeAsked, troubles } = await open(browser, origin);
  await goto('/en/decrees');
  const items = page.locator('main article');
  const total = Number.parseInt(await page.locator('main [role=status]').innerText(), 10);
  equal('twenty acts at first', await items.count(), 20);
  const more = page.getByRole('link', { name: 'Show more' });
  await more.focus();
  await more.press('Enter');
  await page.waitForFunction((n) => document.querySelectorAll('main article').length === n, total);
  equal('the rest took one request', takeAsked(), ['MoreDecrees']);
  const focused = await page.evaluate(() => document.activeElement.closest('article')?.innerText ?? '');
  equal('the focus goes to the first new act', focused, await items.nth(20).innerText());
  equal('nothing is amiss', troubles, []);
  await context.close();
}

async function languageSwitch(browser, origin) {
  const { page, context, goto, shown, takeAsked, troubles } = await open(browser, origin);
  await goto(ARTICLE);
  const switchTo = (name) => page.locator('body > #root > header').getByRole('link', { name }).click();
  await switchTo('Русский');
  await shown('Министр и агентство по миграции');
  equal('the article in Russian', at(page), '/ru/articles/budushchiy-dialog-s-organizatsiyey-po-migratsii');
  equal('one request', takeAsked(), ['Page']);
  equal('the document is Russian', await page.locator('html').getAttribute('lang'), 'ru');
  await switchTo('Türkmençe');
  await shown('Ministr we migrasiýa guramasy');
  equal('the document is Turkmen', await page.locator('html').getAttribute('lang'), 'tk');
  await page.goBack();
  await shown('Министр и агентство по миграции');
  equal('back is Russian again', await page.locator('html').getAttribute('lang'), 'ru');
  await goto('/en/categories/economy/trade');
  await switchTo('Русский');
  await page.waitForURL('**/ru/categories/economy/trade');
  await goto('/tk/feeds');
  await switchTo('English');
  await shown('Feeds');
  equal('nothing is amiss', troubles, []);
  await context.close();
}

async function register(browser, origin) {
  const { page, context, goto, takeAsked, troubles } = await open(browser, origin);
  await goto('/en/decrees');
  const found = page.locator('main [role=status]');
  const all = await found.innerText();
  await page.getByLabel('Law', { exact: true }).check();
  await page.getByLabel('In force', { exact: true }).check();
  await page.getByLabel('Status on the day').fill('2022-06-01');
  await page.getByRole('button', { name: 'Show' }).click();
  await page.waitForFunction((before) => document.querySelector('main [role=status]').innerText !== before, all);
  equal('the filter is in the address', at(page), '/en/decrees?kind=LAW&status=IN_FORCE&on=2022-06-01');
  equal('it took one request', takeAsked().filter((name) => name === 'Register').length, 1);
  const lines = await page.locator('main article').allInnerTexts();
  check('only laws are listed', lines.length > 0 && lines.every((line) => /\bLaw\b/.test(line)), lines.join('\n'));
  check(
    'all in force on that day',
    lines.every((line) => line.includes('In force')),
    lines.join('\n'),
  );
  const filtered = await found.innerText();
  await page.reload();
  equal('a reload keeps the filter', await found.innerText(), filtered);
  check('and the form', await page.getByLabel('Law', { exact: true }).isChecked());
  await page.getByRole('link', { name: 'Clear all' }).click();
  await page.waitForFunction((before) => document.querySelector('main [role=status]').innerText === before, all);
  await page.getByLabel('No.').fill('77-IV');
  await page.getByLabel('No.').press('Enter');
  await page.waitForFunction(() => document.querySelectorAll('main article').length === 1);
  equal('a number finds its act', await page.locator('main article a').getAttribute('href'), LAW);
  await page.getByLabel('No.').fill('none');
  await page.getByLabel('No.').press('Enter');
  await page.getByText('There is nothing here yet.').waitFor();
  equal('nothing is amiss', troubles, []);
  await context.close();
}

/** Clicks a link to a path as if the page had one. */
const follow = (page, path) =>
  page.evaluate((path) => {
    const link = Object.assign(document.createElement('a'), { href: path, textContent: path });
    document.querySelector('main').append(link);
    link.click();
  }, path);

async function redirects(browser, origin) {
  const plain = await fetch(`${origin}/en/articles/migration-talks-2021`, { redirect: 'manual' });
  equal(
    'an old address is moved for good',
    [plain.status, plain.headers.get('location')?.replace(origin, '')],
    [301, ARTICLE],
  );
  const { page, context, goto, shown, takeAsked } = await open(browser, origin);
  await goto('/en/feeds');
  await follow(page, '/en/articles/migration-talks-2021');
  await shown('Minister and migration agency');
  equal('in the app, too', at(page), ARTICLE);
  equal('by asking twice', takeAsked(), ['Page', 'Page']);
  await page.goBack();
  await shown('Feeds');
  check('the old address is not in the history', at(page) === '/en/feeds', at(page));
  await follow(page, '/en/articles/visitor-survey-2019');
  await shown('This page is gone');
  await follow(page, '/en/articles/no-such-thing');
  await shown('There is no such page');
  await context.close();
}

async function bestLanguage(browser, origin) {
  for (const [preferred, path] of [
    ['ru-RU', '/ru'],
    ['tk', '/tk'],
    ['en-US', '/en'],
    ['xx', '/en'],
  ]) {
    const { page, context, goto } = await open(browser, origin, { ...desktop, locale: preferred });
    await goto('/');
    await page.waitForURL(`${origin}${path}`);
    check(`/ leads ${preferred} to ${path}`, true);
    await context.close();
  }
}

async function unknownLanguage(browser, origin) {
  const { page, context, goto, shown } = await open(browser, origin);
  const answer = await goto('/xx');
  equal('its status', answer.status(), 404);
  await shown('There is no such page');
  check(
    'it leads to the front page',
    (await page.getByRole('link', { name: 'To the front page' }).getAttribute('href')) === '/en',
  );
  await context.close();
}

async function badCursor(browser, origin) {
  for (const path of ['/en/categories/politics?after=nonsense', '/en/decrees?after=nonsense']) {
    const { context, goto, shown } = await open(browser, origin);
    equal(`${path}: its status`, (await goto(path)).status(), 404);
    await shown('There is no such page');
    await context.close();
  }
}

async function keyboard(browser, origin) {
  const { page, context, goto, shown } = await open(browser, origin);
  await goto('/en');
  await page.keyboard.press('Tab');
  const focused = () => page.evaluate(() => document.activeElement.textContent.trim());
  equal('the first stop skips to the content', await focused(), 'Skip to content');
  const box = await page.getByText('Skip to content').boundingBox();
  check('and is seen', box.y >= 0, JSON.stringify(box));
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  const inMain = await page.evaluate(() => document.querySelector('main').contains(document.activeElement));
  check('the next stop is in the content', inMain, await focused());
  const title = await focused();
  await page.keyboard.press('Enter');
  await shown(title);
  const outline = await page.evaluate(async () => {
    document.querySelector('main a').focus();
    return getComputedStyle(document.activeElement).outlineStyle;
  });
  equal('what has the focus is marked', outline, 'solid');
  await context.close();
}

async function offline(browser, origin) {
  const { page, context, goto, shown, screenshot } = await open(browser, origin);
  await goto('/en');
  const sections = page.getByRole('navigation', { name: 'Sections' });
  await sections.getByRole('link', { name: 'Culture' }).click();
  await shown('Culture');
  await context.setOffline(true);
  const note = page.getByText('You are offline. What you see may be out of date.');
  await note.waitFor();
  check('being offline is said', true);
  await sections.getByRole('link', { name: 'Sport' }).click();
  await shown('The page could not be loaded');
  check('what was never read cannot be shown', await page.getByRole('button', { name: 'Try again' }).isVisible());
  equal('axe finds nothing', await axe(page), []);
  await screenshot('offline');
  await page.goBack();
  await shown('Culture');
  check(
    'what was read can be read again',
    (await page.locator('main article').count()) > 0 && (await note.isVisible()),
  );
  await page.getByRole('button', { name: 'Try again' }).waitFor();
  await screenshot('offline-cached');
  await page.goForward();
  await shown('The page could not be loaded');
  await context.setOffline(false);
  await shown('Sport');
  check('with the network back, the page comes by itself', true);
  await note.waitFor({ state: 'detached' });
  await context.close();
}

async function slow(browser, origin) {
  const { page, context, goto, shown, screenshot } = await open(browser, origin);
  await goto('/en');
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await page.route('**/graphql', async (route) => {
    await held;
    await route.continue();
  });
  await page.getByRole('navigation', { name: 'Sections' }).getByRole('link', { name: 'Culture' }).click();
  await page.getByText('Loading…', { exact: true }).waitFor();
  check('what takes its time is said', true);
  check('the page before it can be read on', await page.locator('main article').first().isVisible());
  await page.getByText('Still loading. The network is slow.').waitFor();
  check('what takes long is said', true);
  await screenshot('slow');
  // Who has waited enough goes elsewhere, and stays there.
  await page.goBack();
  await page.getByText('Still loading').waitFor({ state: 'detached' });
  release();
  await page.unroute('**/graphql');
  equal('who goes back is not carried off', at(page), '/en');
  await page.getByRole('navigation', { name: 'Sections' }).getByRole('link', { name: 'Culture' }).click();
  await shown('Culture');
  await context.close();
}

async function failing(browser, origin) {
  const { page, context, goto, shown } = await open(browser, origin);
  await goto('/en');
  const sections = page.getByRole('navigation', { name: 'Sections' });
  const internal = {
    data: { route: null },
    errors: [
      { message: 'internal error', path: ['route'], extensions: { code: 'INTERNAL', requestId: 'request-4711' } },
    ],
  };
  await page.route('**/graphql', (route) => route.fulfill({ json: internal }));
  await sections.getByRole('link', { name: 'Culture' }).click();
  await shown('The page could not be loaded');
  check('a failure is no missing page', !(await page.getByText('There is no such page').isVisible()));
  check('the request can be named', await page.getByText('request-4711').isVisible());
  await page.unroute('**/graphql');
  await page.getByRole('button', { name: 'Try again' }).click();
  await shown('Culture');
  check('trying again works', true);
  await page.route('**/graphql', (route) => route.fulfill({ status: 502, body: '<html>Bad gateway</html>' }));
  await sections.getByRole('link', { name: 'Sport' }).click();
  await shown('The page could not be loaded');
  check('a proxy in between is no answer', await page.getByText('The service cannot be reached').isVisible());
  await context.close();
}

async function missingPicture(browser, origin) {
  const { page, context, goto } = await open(browser, origin);
  await page.route('https://example.org/images/**', (route) => route.abort());
  await goto(ARTICLE);
  const picture = page.locator('main figure img');
  await page.waitForFunction(() => document.querySelector('main figure img').complete);
  const { width, height } = await picture.boundingBox();
  check('the space for it stays as it was', Math.abs(width / height - 16 / 9) < 0.05, `${width} × ${height}`);
  check('and has words for it', (await picture.getAttribute('alt')).length > 5);
  await context.close();
}

async function narrow(browser, origin) {
  for (const path of ['/en', ARTICLE, LAW, '/ru/decrees', '/ru/categories/politics']) {
    const { page, context, goto } = await open(browser, origin, { ...phone, viewport: { width: 320, height: 640 } });
    await goto(path);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    check(`${path}: 320 pixels are enough`, width <= 320, width);
    await context.close();
  }
}

async function withoutScript(browser, origin) {
  const { page, context, goto } = await open(browser, origin, { ...desktop, javaScriptEnabled: false });
  await goto(ARTICLE);
  equal(
    'the title is there',
    await page.locator('h1').innerText(),
    'Minister and migration agency map out the next two years',
  );
  check(
    'and the text',
    (await page.locator('#root').innerText()).includes('Both sides will take stock in Ashkend in October.'),
  );
  await context.close();
}
