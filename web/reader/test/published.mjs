// What editors do, as readers see it: an article of the test's own is previewed, published, corrected, renamed and taken back.
import { ask } from './browser.mjs';
import { check, equal, step } from './check.mjs';
import { axe, launch, open } from './chromium.mjs';

export async function newsroomTests(origin, account) {
  const browser = await launch();
  try {
    const change = await newsroom(origin, account);
    await step('an article from its draft to its end', () => life(browser, origin, change));
    await step('what happens while a page is open', () => whileOpen(browser, origin, change));
  } finally {
    await browser.close();
  }
}

/** Changes things as an editor: each mutation answers what it names in `wanted`. */
export async function newsroom(origin, { email, password }) {
  const { signIn } = await ask(
    origin,
    'mutation ($input: SignInInput!) { signIn(input: $input) { accessToken userErrors { message } } }',
    { input: { email, password } },
  );
  if (!signIn.accessToken) throw new Error(`cannot sign in: ${JSON.stringify(signIn.userErrors)}`);
  return async (mutation, type, input, wanted) => {
    const query = `mutation ($input: ${type}!) { ${mutation}(input: $input) { ${wanted} userErrors { code field message } } }`;
    const answer = (await ask(origin, query, { input }, { authorization: `Bearer ${signIn.accessToken}` }))[mutation];
    if (answer.userErrors.length > 0) throw new Error(`${mutation}: ${JSON.stringify(answer.userErrors)}`);
    return answer;
  };
}

/** An article of the test's own, in English, that is published and changed. */
async function published(origin, change, title) {
  const { category } = await ask(origin, '{ category(by: { path: "sport" }, locale: "en") { id } }');
  const slug = `reader-open-${Date.now()}`;
  const content = (title) => ({ slug, title, body: { source: 'It happens while somebody reads.' } });
  const version = 'version { entry { id } newest { number } }';
  const input = { categoryId: category.id, locale: 'en', content: content(title) };
  const made = await change('createArticle', 'CreateArticleInput', input, version);
  const key = { entryId: made.version.entry.id, locale: 'en' };
  const publish = () => change('publishEntry', 'PublishEntryInput', key, version);
  let { number } = made.version.newest;
  await publish();
  return {
    path: `/en/articles/${slug}`,
    correct: async (title) => {
      const saved = await change('saveArticle', 'SaveArticleInput', { ...key, basedOn: number, content: content(title) }, version);
      number = saved.version.newest.number;
      await publish();
    },
    end: (ending) => change('unpublishEntry', 'UnpublishEntryInput', { ...key, ending }, version),
  };
}

/** Nothing is reloaded here: all of it comes by itself. */
async function whileOpen(browser, origin, change) {
  const article = await published(origin, change, 'The test, as it was');
  const reader = await open(browser, origin);
  const { page, context, goto, shown, screenshot, troubles } = reader;
  await page.addInitScript(() => {
    window.moved = 0;
    new PerformanceObserver((list) => {
      for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) window.moved += value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
  const streams = [];
  page.on('request', (request) => {
    if (isStream(request)) streams.push(request);
  });
  const opened = page.waitForResponse((response) => isStream(response.request()));
  await goto(article.path);
  equal('no stream is opened while the page loads', streams.length, 0);
  equal('it is a stream of events', (await opened).headers()['content-type'], 'text/event-stream; charset=utf-8');

  const status = page.locator('[role=status] p', { hasText: 'This page has been updated.' });
  await article.correct('The test, corrected meanwhile');
  await status.waitFor();
  equal('what is read stays as it is', await page.locator('h1').innerText(), 'The test, as it was');
  await screenshot('updated');
  equal('axe finds nothing', await axe(page), []);
  await status.getByRole('button', { name: 'Show how it is now' }).click();
  await shown('The test, corrected meanwhile');
  await status.waitFor({ state: 'hidden' });
  equal('the focus stays in the page', await page.evaluate(() => document.activeElement.id), 'content');

  const box = page.getByRole('complementary', { name: 'Last news' });
  const height = await box.locator('ol').evaluate((list) => list.getBoundingClientRect().height);
  const news = await published(origin, change, 'News of the test, with a title that is longer than those which stand there, so that it takes room');
  await box.getByRole('link', { name: 'News of the test' }).waitFor();
  equal('the box stays as high as it was', await box.locator('ol').evaluate((list) => list.getBoundingClientRect().height), height);
  check('screen readers say it', (await box.getByRole('status').innerText()).startsWith('New in “Last news”: News of the test'));
  await screenshot('last-news');
  await news.end({ gone: true });
  await box.getByRole('link', { name: 'News of the test' }).waitFor({ state: 'detached' });
  check('what is withdrawn leaves it', true);

  // What happens while a page is hidden is there when it is seen again.
  const hide = (hidden) =>
    page.evaluate((hidden) => {
      Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, hidden);
  const closed = page.waitForEvent('requestfailed', isStream);
  await hide(true);
  await closed;
  await article.correct('The test, corrected once more');
  const again = page.waitForRequest(isStream);
  await hide(false);
  check('it goes on from where it was', new URL((await again).url()).searchParams.get('variables').includes('"after":'));
  await status.waitFor();
  check('and hears what it has missed', true);

  await article.end({ notice: 'It was a **test**.' });
  const withdrawn = page.locator('[role=status] p', { hasText: 'This was withdrawn.' });
  await withdrawn.waitFor();
  await withdrawn.getByRole('button').click();
  await page.locator('section[aria-labelledby=withdrawn]').waitFor();
  await article.end({ gone: true });
  await withdrawn.waitFor();
  await withdrawn.getByRole('button').click();
  await shown('This page is gone');
  equal('there was one stream at a time, and one only', streams.length, 2);
  const moved = await page.evaluate(() => window.moved);
  check(`nothing has moved: ${moved.toFixed(4)}`, moved < 0.02);
  equal('nothing is amiss', troubles, []);
  await context.close();
}

const isStream = (request) => request.resourceType() === 'eventsource';

async function life(browser, origin, change) {
  const { category } = await ask(origin, '{ category(by: { path: "sport" }, locale: "en") { id } }');
  const name = `reader-test-${Date.now()}`;
  const content = (title, slug) => ({
    slug,
    title,
    summary: 'An article that a test has written.',
    body: { source: 'It stands here for **some seconds** only.\n\n<script>alert(1)</script>' },
  });
  const version = 'version { entry { id } newest { number } }';
  const made = await change(
    'createArticle',
    'CreateArticleInput',
    { categoryId: category.id, locale: 'en', content: content('A draft of the test', name) },
    version,
  );
  const key = { entryId: made.version.entry.id, locale: 'en' };
  const save = async (title, slug, basedOn) =>
    change('saveArticle', 'SaveArticleInput', { ...key, basedOn, content: content(title, slug) }, version);
  const publish = (more) => change('publishEntry', 'PublishEntryInput', { ...key, ...more }, version);
  const end = (ending) => change('unpublishEntry', 'UnpublishEntryInput', { ...key, ending }, version);

  const { page, context, goto, shown, screenshot, troubles } = await open(browser, origin);
  const path = `/en/articles/${name}`;
  equal('a draft is not there', (await goto(path)).status(), 404);
  await shown('There is no such page');

  const preview = await change('createPreview', 'CreatePreviewInput', key, 'token path');
  equal('it will be at its path', preview.path, path);
  await goto(`${path}?preview=${encodeURIComponent(preview.token)}`);
  await shown('A draft of the test');
  check('a preview says what it is', await page.getByText('A preview.').isVisible());
  equal('and is not for search engines', await page.locator('meta[name=robots]').getAttribute('content'), 'noindex');
  await screenshot('preview');
  await goto(path);
  await shown('There is no such page');

  await publish({});
  await goto('/en');
  await page.getByRole('link', { name: 'A draft of the test' }).first().click();
  await shown('A draft of the test');
  check('what is published is on the front page', true);
  equal('no script of the text is in the page', await page.locator('main script').count(), 0);

  await save('The test, corrected', name, 1);
  await page.reload();
  await shown('A draft of the test');
  await publish({ changeNote: 'Corrected the title.' });
  await page.reload();
  await shown('The test, corrected');
  check('an edit is there on reload', true);
  check('with what was changed', await page.getByText('Corrected the title.').isVisible());

  // Without a reload: the page that was open before asks again when it is opened again.
  await save('The test, renamed', `${name}-renamed`, 2);
  await publish({});
  await page.goto(`${origin}/en/categories/sport`);
  await page.goBack();
  await shown('The test, renamed');
  equal('an old address leads to the new one', new URL(page.url()).pathname, `${path}-renamed`);

  await end({ notice: 'It was a **test**.' });
  await page.reload();
  await shown('The test, renamed');
  const notice = page.locator('section[aria-labelledby=withdrawn]');
  check('a withdrawn article says so, first', (await notice.innerText()).includes('It was a test.'));
  check('and can be read', await page.getByText('some seconds').isVisible());
  const html = await (await fetch(`${origin}${path}-renamed`)).text();
  const [before, after] = ['It was a <strong>test</strong>.', '<strong>some seconds</strong>'].map((words) => html.indexOf(words));
  check('without scripts, too', before > 0 && before < after, html);
  equal('axe finds nothing', await axe(page), []);
  await screenshot('withdrawn');

  await end({ gone: true });
  equal('a gone one is gone', (await page.reload()).status(), 410);
  await shown('This page is gone');
  equal('nothing is amiss', troubles, []);
  await context.close();
}
