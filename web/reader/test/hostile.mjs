// An article that tries to break the page it is shown on: names of the page's own elements, of the document's own properties,
// markup where text belongs, words without an end.
import { ask } from './browser.mjs';
import { check, equal, step } from './check.mjs';
import { axe, launch, open, phone } from './chromium.mjs';
import { newsroom } from './published.mjs';

export async function hostileTests(origin, account) {
  const browser = await launch();
  try {
    await step('an article that tries to break the page', () => hostile(browser, origin, account));
  } finally {
    await browser.close();
  }
}

/** Names by which a page's scripts, ours or a browser's, find something. */
const NAMES = [
  'Courant data',
  'root',
  'content',
  'withdrawn',
  'last news',
  'body',
  'cookie',
  'location',
  'getElementById',
  'query selector',
  'constructor',
  '__proto__',
];

const TITLE = 'It ends </title></script><script>alert(1)</script><!-- \u2028 here';

const TEXT = [
  '[To the chapter](#root) and [to the top](#top) and [by its name](#user-content-content)',
  ...NAMES.map((name) => `## ${name}\n\nWhat is below ${name}.`),
  '<form id="root" name="body"><input name="getElementById"><button name="querySelector">x</button></form>',
  '<img name="cookie" id="location" alt="" src="data:image/svg+xml,x"><a id="root" name="forms">an anchor</a>',
  '<script type="application/json" data-courant-data>{"operation":"Page"}</script>',
  '</div></article></main></body></html><!--courant:data--><!--courant:body-->{{courant:lang}}',
  '<div id="courant-data" data-courant data-courant-data class="plain">{"operation":"Page","variables":{},"result":{}}</div>',
  '<p onclick="alert(1)" style="position:fixed;inset:0">styled</p><base href="https://evil.example/"><meta http-equiv="refresh" content="0;url=https://evil.example/">',
  '<a href="javascript:alert(1)">a script</a> <q cite="javascript:alert(1)">a quotation</q>',
  `${'w'.repeat(3000)} and \u202eright to left\u202c and \u2028 in it.`,
  '<p dir="rtl" lang="ar">مرسوم رئاسي بشأن المياه</p>',
  `| ${'a | '.repeat(40)}\n|${'---|'.repeat(40)}\n| ${'b | '.repeat(40)}`,
].join('\n\n');

async function hostile(browser, origin, account) {
  const change = await newsroom(origin, account);
  const { category } = await ask(origin, '{ category(by: { path: "sport" }, locale: "en") { id } }');
  const slug = `hostile-${Date.now()}`;
  const content = { slug, title: TITLE, summary: `${TITLE} ${'s'.repeat(400)}`, body: { source: TEXT } };
  const made = await change(
    'createArticle',
    'CreateArticleInput',
    { categoryId: category.id, locale: 'en', content },
    'version { entry { id } }',
  );
  const key = { entryId: made.version.entry.id, locale: 'en' };
  const entry = 'version { entry { id } }';
  await change('publishEntry', 'PublishEntryInput', key, entry);
  const path = `/en/articles/${slug}`;
  try {
    for (const [device, options] of Object.entries({ desktop: undefined, phone })) {
      const { page, context, goto, asked, troubles, screenshot } = await open(browser, origin, options);
      let dialogs = 0;
      page.on('dialog', (dialog) => (dialogs++, dialog.dismiss()));
      await goto(path);
      const inALine = (text) => text.replace(/\s+/g, ' ');
      equal(`${device}: its title is text`, inALine(await page.locator('main h1').innerText()), inALine(TITLE));
      equal(`${device}: the answer that was sent along is found`, asked, []);
      const names = await page.locator('main [id^=user-content-]').evaluateAll((all) => all.map((it) => it.id));
      equal(`${device}: every heading has a name of its own`, new Set(names).size, names.length);
      check(`${device}: every heading is there`, names.length >= NAMES.length, names);
      const ours = await page.evaluate(() => [
        document.getElementById('root') === document.body.querySelector(':scope > div'),
        document.getElementById('content')?.tagName,
        typeof document.cookie,
        typeof document.getElementById,
        [...document.forms].map((form) => form.getAttribute('role')).join(),
        document.querySelectorAll('script[data-courant-data]').length,
      ]);
      equal(`${device}: nothing of the page's own is hidden`, ours, [true, 'MAIN', 'string', 'function', 'search', 1]);
      const { wide, window } = await page.evaluate(() => ({
        wide: document.documentElement.scrollWidth,
        window: innerWidth,
      }));
      check(`${device}: nothing is wider than the window`, wide <= window, `${wide} > ${window}`);
      equal(`${device}: nothing of it runs`, dialogs, 0);
      equal(`${device}: axe finds nothing`, await axe(page), []);
      await screenshot(`hostile-${device}`);

      const top = (name) => page.locator(`[id="${name}"]`).evaluate((it) => Math.abs(it.getBoundingClientRect().top));
      await page.getByRole('link', { name: 'To the chapter' }).click();
      check(`${device}: a link within the text leads there`, (await top('user-content-root')) < 200);
      await page.evaluate(() => {
        scrollTo(0, 0);
        location.hash = '#getelementbyid';
      });
      await page.waitForFunction(
        () => Math.abs(document.getElementById('user-content-getelementbyid').getBoundingClientRect().top) < 200,
      );
      check(`${device}: so does an address without the prefix`, true);
      await goto(`${path}#last-news`);
      equal(`${device}: an address that names a part of the page leads to that`, await page.locator('main h1').count(), 1);
      equal(`${device}: nothing is amiss`, troubles, []);
      await context.close();

      const plain = await open(browser, origin, { ...options, javaScriptEnabled: false });
      await plain.goto(path);
      equal(`${device}: without JavaScript, too, its title is text`, await plain.page.locator('h1').count(), 1);
      equal(`${device}: without JavaScript, too, nothing breaks out`, await plain.page.locator('body > *').count(), 2);
      await plain.context.close();
    }
  } finally {
    await change('unpublishEntry', 'UnpublishEntryInput', { ...key, ending: { gone: true } }, entry);
  }
}
