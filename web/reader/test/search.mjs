// Searching: the field in the head of every page, what it proposes while somebody types, and the page with what was found.
import { at, axe, desktop, launch, open, phone } from './chromium.mjs';
import { check, equal, step } from './check.mjs';

export async function searchTests(origin) {
  const browser = await launch();
  try {
    const steps = {
      'the search page': searching,
      'narrowing a search': narrowing,
      'further pages of a search': paging,
      'a search that finds nothing': nothing,
      'a search in other languages': languages,
      'a search that cannot be had': failing,
      'a search without scripts': withoutScript,
      'what is typed into a search': hostile,
      'suggestions by the keyboard': byKeyboard,
      'suggestions by the pointer': byPointer,
      'suggestions that do not come': withoutSuggestions,
    };
    for (const [name, run] of Object.entries(steps)) await step(name, () => run(browser, origin));
  } finally {
    await browser.close();
  }
}

const field = (page) => page.getByRole('search').getByRole('combobox');
const total = (page) => page.locator('main [role=status]').first();
const hits = (page) => page.locator('main article');
/** How many the page says there are. */
const count = async (page) => Number.parseInt((await total(page).innerText()).split('·').at(-1).replace(/\D/g, ''), 10);
/** Waits until the page says another number than before. */
const counted = (page, before) =>
  page.waitForFunction((before) => document.querySelector('main [role=status]').textContent !== before, before);

async function searching(browser, origin) {
  const { page, context, goto, shown, takeAsked, troubles, screenshot } = await open(browser, origin);
  await goto('/en/feeds');
  await field(page).fill('commission');
  await field(page).press('Enter');
  await shown('Search');
  equal('the search has an address', at(page), '/en/search?q=commission');
  equal('it took one request', takeAsked().filter((name) => name !== 'Suggest'), ['Search']);
  equal('the heading is read out', await page.evaluate(() => document.activeElement.tagName), 'H1');
  equal('the field says what was searched for', await field(page).inputValue(), 'commission');
  check('how much was found is said', (await total(page).innerText()).startsWith('“commission” · '), await total(page).innerText());
  check('something was', (await hits(page).count()) > 1);
  const marked = await hits(page).locator('mark').allInnerTexts();
  check('what fits is marked', marked.length > 0 && marked.every((word) => /^commission/i.test(word)), marked.join(' '));
  check('the title names it', (await page.title()).startsWith('Search: commission · '), await page.title());
  equal('it is not for search engines', await page.locator('meta[name=robots]').getAttribute('content'), 'noindex');
  const description = await page.locator('link[rel=search]').getAttribute('href');
  check('browsers can search', description === `${origin}/en/opensearch.xml`, description);
  const first = await hits(page).first().locator('h2').innerText();
  await hits(page).first().locator('h2 a').click();
  await shown(first);
  equal('the field is for something else again', await field(page).inputValue(), '');
  await page.goBack();
  await shown('Search');
  equal('back is what was found', await hits(page).first().locator('h2').innerText(), first);
  await field(page).fill('');
  const said = await total(page).textContent();
  await field(page).press('Enter');
  await counted(page, said);
  equal('without words there is an address, too', at(page), '/en/search');
  check('without words it lists what there is', (await count(page)) > 20, await total(page).innerText());
  await screenshot('search');
  equal('nothing is amiss', troubles, []);
  await context.close();
}

async function narrowing(browser, origin) {
  for (const options of [desktop, phone]) {
    const { page, context, goto, takeAsked, troubles, shown } = await open(browser, origin, options);
    await goto('/en/search?q=commission');
    const filters = page.getByRole('navigation', { name: 'Narrow down' });
    if (options === phone) await filters.locator('summary').click();
    const all = await count(page);
    const said = await total(page).textContent();
    const acts = filters.getByRole('link', { name: /^Official acts/ });
    const promised = Number(/(\d+)$/.exec(await acts.innerText())[1]);
    await acts.click();
    await counted(page, said);
    equal('narrowing has an address', at(page), '/en/search?q=commission&kind=DECREE');
    equal('it took one request', takeAsked(), ['Search']);
    equal('it finds as many as it said', await count(page), promised);
    equal('acts alone are found', await page.locator('main article:not([data-kind=Decree])').count(), 0);
    const chosen = filters.locator('a[aria-current=true]');
    equal('it says what it is narrowed to', await chosen.count(), 1);
    check('another kind can be chosen in its place', await filters.getByRole('link', { name: /^Articles/ }).isVisible());
    const year = filters.getByRole('region', { name: 'Year' }).getByRole('link').first();
    await year.click();
    await page.waitForURL(/&year=\d{4}$/);
    await page.waitForFunction(() => document.querySelectorAll('nav a[aria-current=true]').length === 2);
    await filters.getByRole('link', { name: 'Take away: Official acts' }).click();
    await page.waitForURL(/\?q=commission&year=\d{4}$/);
    await page.reload();
    await shown('Search');
    equal('a reload keeps it', await filters.locator('a[aria-current=true]').count(), 1);
    equal('axe finds nothing', await axe(page), []);
    const narrowed = await total(page).textContent();
    await filters.getByRole('link', { name: 'Clear all' }).click();
    await counted(page, narrowed);
    equal('all is there again', [await count(page), at(page)], [all, '/en/search?q=commission']);
    await page.getByRole('link', { name: 'Oldest first' }).click();
    await page.waitForURL(/order=PUBLISHED_AT_ASC/);
    await page.locator('nav span[aria-current]', { hasText: 'Oldest first' }).waitFor();
    const days = await hits(page).locator('time').evaluateAll((all) => all.map((it) => it.dateTime));
    equal('the oldest come first', days, days.toSorted());
    equal('nothing is amiss', troubles, []);
    await context.close();
  }
}

async function paging(browser, origin) {
  const { page, context, goto, takeAsked, troubles } = await open(browser, origin);
  await goto('/en/search?kind=ARTICLE');
  const all = await count(page);
  equal('twenty at first', await hits(page).count(), 20);
  const more = page.getByRole('link', { name: 'Show more' });
  const rest = await more.getAttribute('href');
  await more.focus();
  await more.press('Enter');
  await page.waitForFunction(() => document.querySelectorAll('main article').length > 20);
  equal('the next page took one request', takeAsked(), ['MoreHits']);
  const focused = await page.evaluate(() => document.activeElement.closest('article')?.innerText ?? '');
  equal('the focus goes to the first new one', focused, await hits(page).nth(20).innerText());
  const links = await hits(page).locator('h2 a').evaluateAll((all) => all.map((a) => a.pathname));
  equal('none comes twice', new Set(links).size, links.length);
  await goto(rest);
  equal('the rest has an address of its own', [await hits(page).locator('h2 a').first().getAttribute('href'), await count(page)], [links[20], all]);
  const back = page.getByRole('link', { name: /From the beginning/ });
  equal('with a way to the beginning', await back.getAttribute('href'), '/en/search?kind=ARTICLE');
  const answer = await goto('/en/search?q=commission&after=nonsense');
  equal('a cursor of no search is no page', answer.status(), 404);
  equal('nothing is amiss', troubles, []);
  await context.close();
}

async function nothing(browser, origin) {
  const { page, context, goto, troubles, screenshot } = await open(browser, origin);
  await goto('/en/search?q=commision');
  equal('that nothing was found is said', await count(page), 0);
  await page.getByText('Nothing was found.').waitFor();
  check('and what may help', await page.getByText('Check the spelling').isVisible());
  const meant = page.locator('main p', { hasText: 'Did you mean:' }).getByRole('link');
  equal('what was meant is proposed', await meant.innerText(), 'commission');
  await screenshot('search-nothing');
  await meant.click();
  await page.waitForFunction(() => document.querySelectorAll('main article').length > 0);
  equal('it finds something', at(page), '/en/search?q=commission');
  equal('the field says so, too', await field(page).inputValue(), 'commission');
  await goto('/en/search?q=commission&year=1901');
  equal('a filter may leave nothing', await count(page), 0);
  await page.getByRole('link', { name: 'Clear all' }).click();
  await page.waitForFunction(() => document.querySelectorAll('main article').length > 0);
  equal('nothing is amiss', troubles, []);
  await context.close();
}

async function languages(browser, origin) {
  const { page, context, goto, shown, troubles } = await open(browser, origin);
  await goto('/tk/search?q=kanuny%C5%88');
  await shown('Gözleg');
  check('forms of a Turkmen word are found', (await hits(page).count()) > 0);
  check('and marked', (await hits(page).locator('mark').count()) > 0);
  await page.getByRole('navigation', { name: 'Dil' }).getByRole('link', { name: 'Русский' }).click();
  await shown('Поиск');
  equal('what is looked for stays in another language', at(page), '/ru/search?q=kanuny%C5%88');
  await field(page).fill('закона');
  await field(page).press('Enter');
  await page.waitForFunction(() => document.querySelectorAll('main article').length > 0);
  check('forms of a Russian word are found', (await hits(page).locator('mark').count()) > 0);
  equal('nothing is amiss', troubles, []);
  await context.close();
}

async function failing(browser, origin) {
  const { page, context, goto, shown } = await open(browser, origin);
  await goto('/en');
  const rebuilding = {
    data: null,
    errors: [{ message: 'the search is being made ready', path: ['hits'], extensions: { code: 'SEARCH_REBUILDING' } }],
  };
  await page.route('**/graphql', (route) => route.fulfill({ json: rebuilding }));
  await field(page).fill('commission');
  await field(page).press('Enter');
  await shown('The search is being made ready');
  equal('axe finds nothing', await axe(page), []);
  await page.unroute('**/graphql');
  await page.getByRole('button', { name: 'Try again' }).click();
  await hits(page).first().waitFor();
  equal('it comes when asked again', await page.locator('h1').innerText(), 'Search');
  await context.close();
}

async function withoutScript(browser, origin) {
  const { page, context, goto, troubles } = await open(browser, origin, { ...desktop, javaScriptEnabled: false });
  const leave = async (act) => {
    const loaded = page.waitForEvent('load');
    await act();
    await loaded;
  };
  await goto('/en');
  const plain = page.getByRole('search').getByRole('textbox');
  await plain.fill('commision');
  await leave(() => plain.press('Enter'));
  equal('the form leads to the search', at(page), '/en/search?q=commision');
  await leave(() => page.locator('main p', { hasText: 'Did you mean:' }).getByRole('link').click());
  equal('what was meant is a link', at(page), '/en/search?q=commission');
  check('it finds something', (await hits(page).count()) > 0 && (await hits(page).locator('mark').count()) > 0);
  const all = await count(page);
  await leave(() => page.locator('nav[class*=facets] a', { hasText: 'Official acts' }).click());
  equal('it is narrowed by a link', at(page), '/en/search?q=commission&kind=DECREE');
  check('to some of all', (await count(page)) < all);
  await leave(() => page.getByRole('link', { name: 'Clear all' }).click());
  equal('and widened by another', await count(page), all);
  const answer = await goto('/en/search');
  equal('nobody keeps it', answer.headers()['cache-control'], 'private, no-cache');
  await leave(() => page.getByRole('link', { name: 'Show more' }).click());
  check('the list goes on', (await hits(page).count()) > 0 && at(page).includes('after='));
  equal('nothing is amiss', troubles, []);
  await context.close();
}

async function hostile(browser, origin) {
  for (const options of [desktop, { ...phone, javaScriptEnabled: false }]) {
    const { page, context, goto, troubles } = await open(browser, origin, options);
    let dialogs = 0;
    page.on('dialog', (dialog) => (dialogs++, dialog.dismiss()));
    for (const typed of [
      '<script>alert(1)</script>',
      '"><img src=x onerror=alert(1)>',
      '</title><script>alert(1)</script>',
      '{{ 7 * 7 }} {% if %} <!--courant:data--> {{courant:lang}}',
      '\u0000\u0001\u007f',
      '\u202eتجربة\u202c 👩‍👩‍👧‍👦',
      '(a AND b) OR NOT "c^2~ +- * : title:',
      'w'.repeat(6000),
      `${'слово '.repeat(180)}`,
    ]) {
      const name = JSON.stringify(typed).slice(0, 40);
      const answer = await goto(`/en/search?${new URLSearchParams({ q: typed })}`);
      equal(`${name}: a page`, answer.status(), 200);
      equal(`${name}: one heading`, await page.locator('h1').count(), 1);
      equal(`${name}: nothing of it is markup`, await page.locator('main img, main script').count(), 0);
      const { wide, window } = await page.evaluate(() => ({ wide: document.documentElement.scrollWidth, window: innerWidth }));
      check(`${name}: nothing is wider than the window`, wide <= window, `${wide} > ${window}`);
    }
    equal('nothing of it runs', dialogs, 0);
    equal('nothing is amiss', troubles, []);
    await context.close();
  }
}

/** What screen readers are told of the field. */
const told = (page) =>
  field(page).evaluate((it) => ({
    expanded: it.getAttribute('aria-expanded'),
    active: document.getElementById(it.getAttribute('aria-activedescendant') ?? '')?.textContent,
    selected: [...document.querySelectorAll('[role=option][aria-selected=true]')].map((option) => option.textContent).join(),
    controls: document.getElementById(it.getAttribute('aria-controls'))?.role,
  }));
const closed = { expanded: 'false', selected: '' };

async function byKeyboard(browser, origin) {
  const { page, context, goto, shown, takeAsked, troubles, screenshot } = await open(browser, origin);
  await goto('/en');
  equal('nothing is proposed before something is typed', [await told(page), takeAsked()], [closed, []]);
  await field(page).focus();
  await page.keyboard.press('ArrowDown');
  equal('nor is there anything to go down to', await told(page), closed);
  await page.keyboard.type('com', { delay: 10 });
  const list = page.getByRole('listbox', { name: 'Suggestions' });
  await list.waitFor();
  const words = await list.getByRole('option').allInnerTexts();
  check('words that begin so are proposed', words.length > 1 && words.every((word) => word.startsWith('com')), words.join(' '));
  equal('the list is open, nothing in it chosen', await told(page), { expanded: 'true', selected: '', controls: 'listbox' });
  equal('how many is said', await page.getByRole('search').getByRole('status').innerText(), `${words.length} suggestions`);
  equal('axe finds nothing', await axe(page), []);
  await screenshot('suggestions');
  const on = (word) => ({ expanded: 'true', active: word, selected: word, controls: 'listbox' });
  await page.keyboard.press('ArrowDown');
  equal('down goes to the first', await told(page), on(words[0]));
  await page.keyboard.press('ArrowUp');
  equal('up from it to the last', await told(page), on(words.at(-1)));
  await page.keyboard.press('ArrowDown');
  equal('and down to the first again', await told(page), on(words[0]));
  equal('the focus stays in the field', await field(page).evaluate((it) => it === document.activeElement), true);
  equal('what was typed stays', await field(page).inputValue(), 'com');
  await page.keyboard.press('ArrowLeft');
  equal('moving the caret chooses nothing', (await told(page)).selected, '');
  await page.keyboard.press('Escape');
  equal('Escape closes the list', [await told(page), await field(page).inputValue()], [closed, 'com']);
  await page.keyboard.press('Alt+ArrowDown');
  equal('Alt and down opens it', await told(page), { expanded: 'true', selected: '', controls: 'listbox' });
  await page.keyboard.press('Alt+ArrowUp');
  equal('Alt and up closes it', await told(page), closed);
  await page.keyboard.press('Escape');
  equal('Escape then empties the field', await field(page).inputValue(), '');
  await page.keyboard.type('com');
  await list.waitFor();
  await page.keyboard.press('Tab');
  equal('who goes on leaves no list behind', await told(page), closed);
  await field(page).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await shown('Search');
  equal('Enter searches for what is chosen', at(page), `/en/search?${new URLSearchParams({ q: words[0] })}`);
  equal('and nothing is open', await told(page), closed);
  check('it finds something', (await hits(page).count()) > 0);
  takeAsked();
  await field(page).press('End');
  await field(page).press('x');
  await field(page).press('Enter');
  await page.waitForURL(`**/en/search?q=${words[0]}x`);
  equal('Enter without a choice searches for what was typed', await field(page).inputValue(), `${words[0]}x`);
  equal('nothing is amiss', troubles, []);
  await context.close();
}

async function byPointer(browser, origin) {
  const { page, context, goto, shown, troubles } = await open(browser, origin, phone);
  await goto('/ru');
  await field(page).fill('ком');
  const options = page.getByRole('listbox', { name: 'Подсказки' }).getByRole('option');
  await options.first().waitFor();
  const word = await options.first().innerText();
  const { width, window } = await page.evaluate(() => ({ width: document.documentElement.scrollWidth, window: innerWidth }));
  check('the list is not wider than a phone', width <= window, `${width} > ${window}`);
  await options.first().tap();
  await shown('Поиск');
  equal('a tap searches', new URL(page.url()).searchParams.get('q'), word);
  check('it finds something', (await hits(page).count()) > 0);
  await field(page).fill('ко');
  await options.first().waitFor();
  await page.touchscreen.tap(200, 820);
  equal('elsewhere closes the list', await told(page), closed);
  equal('nothing is amiss', troubles, []);
  await context.close();
}

async function withoutSuggestions(browser, origin) {
  const { page, context, goto, shown, troubles } = await open(browser, origin);
  await goto('/en');
  const failure = { data: null, errors: [{ message: 'internal error', path: ['suggest'], extensions: { code: 'INTERNAL' } }] };
  await page.route('**/graphql', (route) => route.fulfill({ json: failure }));
  const answered = page.waitForResponse('**/graphql');
  await field(page).pressSequentially('comm');
  await answered;
  equal('nothing is proposed', await told(page), closed);
  await page.unroute('**/graphql');
  await field(page).press('Enter');
  await shown('Search');
  equal('it can be searched all the same', at(page), '/en/search?q=comm');
  equal('nothing is amiss', troubles, []);
  await context.close();
}
