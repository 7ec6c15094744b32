// What editors do, as readers see it: an article of the test's own is previewed, published, corrected, renamed and taken back.
import { ask } from './browser.mjs';
import { check, equal, step } from './check.mjs';
import { axe, launch, open } from './chromium.mjs';

export async function newsroomTests(origin, account) {
  const browser = await launch();
  try {
    await step('an article from its draft to its end', () => life(browser, origin, account));
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

async function life(browser, origin, account) {
  const change = await newsroom(origin, account);
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
  equal('axe finds nothing', await axe(page), []);
  await screenshot('withdrawn');

  await end({ gone: true });
  equal('a gone one is gone', (await page.reload()).status(), 410);
  await shown('This page is gone');
  equal('nothing is amiss', troubles, []);
  await context.close();
}
