// Opens the embedded GraphiQL page of a running server in a headless Chromium and checks it.
//   BASE_URL=http://127.0.0.1:8080 EMAIL=… PASSWORD=… [CHROMIUM=/usr/bin/chromium] [ARTIFACTS=dir] node test/browser.mjs
// EMAIL and PASSWORD are of an administrator of that server.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual, promisify } from 'node:util';
import { chromium } from 'playwright-core';

const { BASE_URL, EMAIL, PASSWORD, CHROMIUM = '/usr/bin/chromium' } = process.env;
/** How many of the examples the page opens with: those that readers may ask. */
const OPEN = 5;
const ARTIFACTS = process.env.ARTIFACTS ?? fileURLToPath(new URL('../artifacts', import.meta.url));
const EXAMPLES = fileURLToPath(new URL('../examples', import.meta.url));

let passed = 0;
let failed = 0;

function check(name, ok, detail = '') {
  if (ok) passed += 1;
  else failed += 1;
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name}${!ok && detail !== '' ? `\n     ${String(detail).replaceAll('\n', '\n     ')}` : ''}`);
}

async function step(name, run) {
  try {
    await run();
    return true;
  } catch (error) {
    check(name, false, error.stack ?? error);
    return false;
  }
}

// What the page must open with, from the example files in file order: the operation names, which
// are the tab titles, and the variables.
async function readExamples() {
  const files = await readdir(EXAMPLES);
  return Promise.all(
    files
      .filter((file) => file.endsWith('.graphql'))
      .sort()
      .map(async (file) => {
        const query = await readFile(join(EXAMPLES, file), 'utf8');
        const variables = file.replace(/graphql$/, 'variables.json');
        const [, kind, name] = /^(query|mutation|subscription)\s+(\w+)/m.exec(query) ?? [];
        return {
          kind,
          name,
          variables: files.includes(variables) ? JSON.parse(await readFile(join(EXAMPLES, variables), 'utf8')) : {},
        };
      }),
  );
}

/** Another editor meanwhile: `publish` makes an article, and answers how to take it back. */
async function anotherEditor(origin) {
  const ask = async (query, variables, token) => {
    const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
    const answer = await fetch(`${origin}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
    const { data, errors } = await answer.json();
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  };
  const credentials = { email: EMAIL, password: PASSWORD };
  const { signIn } = await ask('mutation ($input: SignInInput!) { signIn(input: $input) { accessToken } }', { input: credentials });
  const { category } = await ask('{ category(by: { path: "sport" }, locale: "en") { id } }');
  const change = async (field, type, input, wanted = '') => {
    const query = `mutation ($input: ${type}!) { ${field}(input: $input) { ${wanted} userErrors { message } } }`;
    const done = (await ask(query, { input }, signIn.accessToken))[field];
    if (done.userErrors.length > 0) throw new Error(JSON.stringify(done.userErrors));
    return done;
  };
  const publish = async (title) => {
    const content = { title, slug: `graphiql-${Date.now()}`, body: { source: 'Words.' } };
    const input = { categoryId: category.id, locale: 'en', content };
    const { version } = await change('createArticle', 'CreateArticleInput', input, 'version { entry { id } }');
    const key = { entryId: version.entry.id, locale: 'en' };
    await change('publishEntry', 'PublishEntryInput', key);
    return () => change('unpublishEntry', 'UnpublishEntryInput', { ...key, ending: { gone: true } });
  };
  return { publish };
}

async function main(profile) {
  if (!BASE_URL || !EMAIL || !PASSWORD) throw new Error('set BASE_URL, EMAIL and PASSWORD');
  const origin = new URL(BASE_URL).origin;
  const all = await readExamples();
  const examples = all.slice(0, OPEN);
  const names = examples.map((example) => example.name);
  await mkdir(ARTIFACTS, { recursive: true });

  const context = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM,
    headless: true,
    viewport: { width: 1440, height: 900 },
    colorScheme: 'light',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  context.setDefaultTimeout(20_000);

  const complaints = []; // console errors and warnings, Content-Security-Policy refusals included
  const pageErrors = [];
  const failedRequests = [];
  const foreignRequests = [];
  context.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') {
      complaints.push(`${message.type()}: ${message.text().slice(0, 300)} (${message.location().url})`);
    }
  });
  context.on('weberror', (error) => pageErrors.push(error.error().stack ?? String(error.error())));
  context.on('request', (request) => {
    const url = new URL(request.url());
    if (!['data:', 'blob:'].includes(url.protocol) && url.origin !== origin) foreignRequests.push(request.url());
  });
  context.on('requestfailed', (request) => {
    const error = request.failure()?.errorText;
    // What the page was fetching when it was reloaded.
    if (error !== 'net::ERR_ABORTED') failedRequests.push(`${request.method()} ${request.url()}: ${error}`);
  });
  context.on('response', (response) => {
    if (response.status() >= 400) failedRequests.push(`${response.status()} ${response.url()}`);
  });

  try {
    const page = context.pages()[0] ?? (await context.newPage());
    page.on('websocket', (socket) => {
      if (new URL(socket.url()).host !== new URL(origin).host) foreignRequests.push(socket.url());
    });

    const tabs = page.locator('.graphiql-session-header [role="tab"]');
    const query = page.locator('.graphiql-query-editor .view-lines');
    const response = page.locator('.graphiql-response .view-lines');
    const titles = async () => (await tabs.allInnerTexts()).map((text) => text.trim());
    // Monaco shows spaces as no-break spaces.
    const text = async (locator) => (await locator.innerText()).replaceAll('\u00a0', ' ');
    // Loaded: the editors are there and the schema has been introspected.
    const open = async (load) => {
      const [answer, introspection] = await Promise.all([
        load(),
        page.waitForResponse(
          (r) => r.url() === `${origin}/graphql` && (r.request().postData() ?? '').includes('__schema'),
        ),
      ]);
      await page.locator('.graphiql-query-editor .view-line').first().waitFor();
      // Not 'networkidle': what a worker was fetching when the page was reloaded never counts as finished.
      await page.waitForLoadState('load');
      await tabs.last().waitFor();
      return { answer, schema: await introspection.json() };
    };
    const closeTab = () => page.locator('.graphiql-tab-active .graphiql-tab-close').click();
    // GraphiQL stores its tabs half a second after each change, in the order of the changes.
    const tabsStored = (wanted) =>
      page.waitForFunction(({ count, active, operation }) => {
        const { tabs = [], activeTabIndex } = JSON.parse(localStorage.getItem('graphiql:tabState') ?? '{}');
        return (
          (count === undefined || tabs.length === count) &&
          (active === undefined || (activeTabIndex === active && tabs[active]?.operationName === operation))
        );
      }, wanted);
    const execute = async () => {
      const [answer] = await Promise.all([
        page.waitForResponse((r) => r.url() === `${origin}/graphql` && r.request().method() === 'POST'),
        page.locator('.graphiql-execute-button').click(),
      ]);
      await page.waitForFunction(() =>
        document.querySelector('.graphiql-response .view-lines')?.textContent.includes('{'),
      );
      return { body: await answer.json(), sent: answer.request().postDataJSON(), headers: answer.request().headers() };
    };

    const opened = await step('the page opens', async () => {
      const { answer, schema } = await open(() => page.goto(`${origin}/graphiql`));
      check('the page opens', answer.ok(), answer.status());
      const policy = answer.headers()['content-security-policy'] ?? 'no Content-Security-Policy header';
      const scripts = /script-src [^;]*/.exec(policy)?.[0] ?? /default-src [^;]*/.exec(policy)?.[0] ?? '';
      check(
        'its content security policy allows no inline script, no eval',
        scripts.includes("'self'") && !scripts.includes('unsafe'),
        policy,
      );
      check('its title is "Courant GraphiQL"', (await page.title()) === 'Courant GraphiQL', await page.title());
      check('the schema is introspected', Boolean(schema.data?.__schema) && !schema.errors, JSON.stringify(schema.errors));
    });

    if (!opened) return; // there is nothing else to look at

    await step('it opens with the examples for readers', async () => {
      const found = await titles();
      check('it opens with a tab for each', found.length === OPEN, found.join(', '));
      check('the tabs are the examples', found.join() === names.join(), `${found.join()} instead of ${names.join()}`);
      check(
        'the headers editor is enabled',
        (await page.locator('.graphiql-editor-tools button[data-name="headers"]').count()) === 1,
      );
    });

    for (const [index, { name, variables, kind }] of examples.entries()) {
      // What is published, as it happens, has a part of its own.
      if (kind === 'subscription') continue;
      await step(`${name} runs`, async () => {
        await tabs.nth(index).click();
        await page.waitForFunction(
          (operation) => document.querySelector('.graphiql-query-editor .view-lines')?.textContent.includes(operation),
          name,
        );
        await tabsStored({ active: index, operation: name });
        const { body, sent } = await execute();
        const shown = await text(response);
        check(`${name}: the response pane shows "data"`, shown.includes('"data"'), shown);
        check(
          `${name}: the response holds no "errors"`,
          body.data != null && body.errors === undefined && !shown.includes('"errors"'),
          JSON.stringify(body.errors ?? body),
        );
        check(
          `${name}: it is sent with its name and variables`,
          sent.operationName === name && isDeepStrictEqual(sent.variables ?? {}, variables),
          JSON.stringify({ operationName: sent.operationName, variables: sent.variables }),
        );
        if (index === 0) {
          // That there is no mark may mean that nothing was looked at: so an error is made, is seen, and is mended.
          const marks = page.locator('.graphiql-query-editor .squiggly-error');
          await page.locator('.graphiql-query-editor .view-line').first().click();
          await page.keyboard.press('ControlOrMeta+Home');
          await page.keyboard.type('}');
          await marks.first().waitFor({ state: 'attached' });
          await page.keyboard.press('Backspace');
          await marks.first().waitFor({ state: 'detached' });
          check(`${name}: the editor marks no error`, true);
          await page.screenshot({ path: join(ARTIFACTS, 'graphiql.png') });
        }
      });
    }

    await step('the language workers run', async () => {
      const workers = page.workers().map((worker) => new URL(worker.url()).pathname);
      check('the language workers run', workers.some((path) => path.includes('graphql.worker')), workers.join(', '));
    });

    await step('a header is sent', async () => {
      await page.locator('.graphiql-editor-tools button[data-name="headers"]').click();
      await page.locator('.graphiql-editor-tool .graphiql-editor:not(.hidden) .monaco-editor').click();
      // The editor closes the quote and the brace itself.
      await page.keyboard.type('{"X-Courant-Test":"secret', { delay: 20 });
      const { headers } = await execute();
      check('a header is sent', headers['x-courant-test'] === 'secret', headers['x-courant-test']);
      // To go to another tab is to keep what stands in this one.
      await tabs.first().click();
      await tabsStored({ active: 0, operation: names[0] });
      const stored = await page.evaluate(() => JSON.stringify({ ...localStorage }));
      check('a header is not stored', stored.includes('graphiql:queries') && !stored.includes('X-Courant-Test'), stored);
    });

    await step('tabs persist', async () => {
      await tabs.last().click();
      await tabsStored({ active: names.length - 1, operation: names[names.length - 1] });
      await closeTab();
      await tabsStored({ count: names.length - 1 });
      await open(() => page.reload());
      const found = await titles();
      check('a closed tab stays closed after a reload', found.join() === names.slice(0, -1).join(), found.join());
    });

    await step('an example can be opened again', async () => {
      await page.getByRole('button', { name: 'Show Examples' }).click();
      const pane = page.locator('.courant-examples');
      check('the examples pane lists all examples', (await pane.getByRole('button').count()) === all.length);
      const last = names[names.length - 1];
      const showsLast = () =>
        page.waitForFunction(
          (operation) => document.querySelector('.graphiql-query-editor .view-lines')?.textContent.includes(operation),
          last,
        );
      await pane.getByRole('button', { name: last }).click();
      await tabsStored({ active: names.length - 1, operation: last });
      await showsLast();
      const found = await titles();
      const shown = await text(query);
      check('an example can be opened again', found.join() === names.join() && shown.includes(last), `${found.join()}\n${shown}`);
      await tabs.first().click();
      await page.waitForFunction(
        (operation) => !document.querySelector('.graphiql-query-editor .view-lines')?.textContent.includes(operation),
        last,
      );
      await pane.getByRole('button', { name: last }).click();
      await showsLast();
      check('an example that is open is not opened twice', (await tabs.count()) === names.length, (await titles()).join());
      await page.emulateMedia({ colorScheme: 'dark' });
      await page.locator('.graphiql-query-editor .monaco-editor.vs-dark').waitFor();
      await page.screenshot({ path: join(ARTIFACTS, 'graphiql-examples-dark.png') });
    });

    await step('empty storage brings the examples back', async () => {
      await closeTab();
      await tabsStored({ count: names.length - 1 });
      // Where the page is gone that may still have something to store.
      await page.addInitScript(() => {
        if (sessionStorage.getItem('emptied') === null) localStorage.clear();
        sessionStorage.setItem('emptied', 'yes');
      });
      await open(() => page.reload());
      const found = await titles();
      check('empty storage brings the examples back', found.join() === names.join(), found.join());

      await tabsStored({ count: names.length });
      await open(() => page.reload());
      const { sent } = await execute();
      check(
        'the first example is whole after a reload',
        (await tabs.count()) === names.length &&
          sent.operationName === names[0] &&
          isDeepStrictEqual(sent.variables ?? {}, examples[0].variables),
        JSON.stringify(sent),
      );
    });

    const showsExample = (name) =>
      page.waitForFunction(
        (operation) => document.querySelector('.graphiql-query-editor .view-lines')?.textContent.includes(operation),
        name,
      );
    const pane = (title) => page.getByRole('button', { name: new RegExp(`^(Show|Hide) ${title}$`) });
    const openExample = async (name) => {
      if ((await page.locator('.courant-examples').count()) === 0) await pane('Examples').click();
      await page.locator('.courant-examples').getByRole('button', { name: new RegExp(`^${name}`) }).click();
      await showsExample(name);
      // Which operation is meant is known when the tab is stored.
      await page.waitForFunction((operation) => {
        const { tabs = [], activeTabIndex } = JSON.parse(localStorage.getItem('graphiql:tabState') ?? '{}');
        return tabs[activeTabIndex]?.operationName === operation;
      }, name);
    };
    // Of several operations the run button offers a choice.
    const run = async (operation) => {
      await page.locator('.graphiql-execute-button').click();
      const [answer] = await Promise.all([
        page.waitForResponse((r) => r.url() === `${origin}/graphql` && r.request().method() === 'POST'),
        page.getByRole('menuitem', { name: operation, exact: true }).click(),
      ]);
      return { body: await answer.json(), sent: answer.request().postDataJSON() };
    };
    const signIn = async (password) => {
      const form = page.getByRole('form', { name: 'Sign in with a password' });
      await form.getByLabel('Email').fill(EMAIL);
      await form.getByLabel('Password').fill(password);
      await form.getByRole('button', { name: 'Sign in' }).click();
    };

    await step('variables are marked when they are wrong, and only then', async () => {
      // The editor closes quotes and braces itself, which stand behind the text then.
      const type = async (text) => {
        await page.keyboard.press('ControlOrMeta+A');
        await page.keyboard.insertText(text);
        await page.keyboard.press('ControlOrMeta+Shift+End');
        await page.keyboard.press('Delete');
      };
      const write = async (text, variables) => {
        await page.locator('.graphiql-tab-add').click();
        for (const [editor, value] of [
          ['.graphiql-query-editor', text],
          ['.graphiql-editor-tool .graphiql-editor:not(.hidden)', variables],
        ]) {
          if (editor !== '.graphiql-query-editor') await page.locator('.graphiql-editor-tools button[data-name="variables"]').click();
          await page.locator(`${editor} .monaco-editor`).click();
          await type(value);
        }
      };
      const marks = page.locator('.graphiql-editor-tool .graphiql-editor:not(.hidden) .squiggly-error');
      const two = 'mutation A($input: CreateArticleInput!) { createArticle(input: $input) { userErrors { code } } }\n' +
        'mutation B($input: SaveArticleInput!, $other: ID!) { saveArticle(input: $input) { userErrors { code } } a: revokePreview(input: { id: $other }) { userErrors { code } } }';
      const one = 'query Q($filter: DecreeFilter, $locale: Locale, $order: DecreeOrder! = SIGNED_ON_DESC, $id: ID!) {' +
        ' decrees(first: 1, filter: $filter, locale: $locale, orderBy: $order) { totalCount } node(id: $id) { id } }';
      const make = 'mutation M($content: ArticleContentInput!) { createArticle(input: { categoryId: "x", locale: "en", content: $content }) { userErrors { code } } }';
      for (const [name, text, right, wrong] of [
        ['an input object with a default in it', make, '{"content":{"title":"A","body":{"source":"B"}}}', '{"content":{"title":1,"body":{"source":"B"}}}'],
        ['one value for a list, and a number for an id', one, '{"filter":{"status":"IN_FORCE"},"id":7}', '{"filter":{"status":"NEVER"},"id":7}'],
        ['a list', one, '{"filter":{"status":["IN_FORCE"],"signedOn":{"from":"2021-03-02"}},"id":"a"}', '{"filter":{"status":["NEVER"]},"id":"a"}'],
        ['one of two operations', two, '{"input":{"categoryId":"a","locale":"en","content":{"title":"A"}}}', '{"input":7}'],
      ]) {
        await write(text, wrong);
        await marks.first().waitFor({ state: 'attached' });
        check(`${name}: a wrong value is marked`, true);
        await type(right);
        const left = await marks.first().waitFor({ state: 'detached' }).then(() => '', async () => page.locator('.graphiql-editor-tool').innerText());
        check(`${name}: a right one is not`, left === '', left);
        await closeTab();
      }
    });

    await step('a request is copied for a shell', async () => {
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin });
      await tabs.first().click();
      await showsExample(names[0]);
      await pane('Copy as curl').click();
      await page.locator('.courant-curl').getByRole('button', { name: 'Copy' }).click();
      await page.locator('.courant-curl [role="status"]', { hasText: 'Copied.' }).waitFor();
      const command = await page.evaluate(() => navigator.clipboard.readText());
      const answer = await promisify(execFile)('sh', ['-c', `${command} --silent --max-time 20`]);
      const { data, errors } = JSON.parse(answer.stdout);
      check('the command asks what the page asks', data != null && errors === undefined, `${command}\n${answer.stdout}`);
    });

    await step('somebody signs in', async () => {
      await pane('Sign in').click();
      await signIn('this is not the password');
      const alert = await page.locator('.courant-sign-in [role="alert"]').innerText();
      check('a wrong password is said to be wrong', alert.includes('do not belong together'), alert);
      await signIn(PASSWORD);
      const who = await page.locator('.courant-sign-in [role="status"]').innerText();
      check('the pane says who is signed in', who.includes(EMAIL), who);
      await page.screenshot({ path: join(ARTIFACTS, 'graphiql-signed-in.png') });
    });

    await step('the newsroom works', async () => {
      await openExample('MyNewsroom');
      const { body } = await execute();
      check('MyNewsroom: it says who is asking', Boolean(body.data?.editorial?.viewer?.name), JSON.stringify(body));

      const payload = ({ body, sent }) => {
        const payload = body.data?.[Object.keys(body.data)[0]];
        const done = body.errors === undefined && payload?.userErrors?.length === 0;
        check(`${sent.operationName}: it is done`, done, JSON.stringify(body));
        return payload;
      };
      await openExample('WriteArticle');
      const written = payload(await run('WriteArticle'));
      await page.waitForFunction(
        (id) => document.querySelector('.graphiql-editor-tool')?.textContent.includes(id.slice(0, 8)),
        written.version.entry.id,
      );
      check('SaveArticle: it is based on the first', payload(await run('SaveArticle')).version.newest.number === 2);
      await openExample('SubmitEntry');
      payload(await run('SubmitEntry'));
      check('ApproveEntry: it waits to be published', payload(await run('ApproveEntry')).version.waitingFor === 'PUBLICATION');
      await openExample('CreatePreview');
      const { token } = payload(await run('CreatePreview'));
      const preview = await run('ReadPage');
      check('ReadPage: it shows the draft', preview.body.data?.route?.__typename === 'Article', JSON.stringify(preview.body));
      await openExample('PublishEntry');
      check('PublishEntry: it is live', payload(await run('PublishEntry')).version.state === 'PUBLISHED');
      await page.screenshot({ path: join(ARTIFACTS, 'graphiql-published.png') });
      await tabs.first().click();
      await tabsStored({ active: 0, operation: names[0] });
      const stored = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
      check('no token is stored', !stored.includes(token) && !stored.includes('eyJ') && !stored.includes(PASSWORD), stored);
    });

    await step('a subscription runs, and ends', async () => {
      const shows = (words) =>
        page.waitForFunction(
          (words) => document.querySelector('.graphiql-response .view-lines')?.textContent.replaceAll('\u00a0', ' ').includes(words),
          words,
        );
      const button = page.locator('.graphiql-execute-button');
      const start = async () => {
        const [answer] = await Promise.all([
          page.waitForResponse((r) => r.url() === `${origin}/graphql` && r.request().method() === 'POST'),
          button.click(),
        ]);
        return answer.request();
      };
      await openExample('AsItHappens');
      const request = await start();
      const headers = await request.allHeaders();
      check('a subscription asks for events', headers.accept === 'text/event-stream', headers.accept);
      check('as who has signed in', headers.authorization?.startsWith('Bearer eyJ'), headers.authorization?.slice(0, 12));
      await page.getByRole('button', { name: /^Stop/ }).waitFor();
      const { publish } = await anotherEditor(origin);
      const withdrawals = [await publish('Seen as it happened')];
      await shows('Seen as it happened');
      check('what is published is in the response pane', true);
      withdrawals.push(await publish('And another one'));
      await shows('And another one');
      await page.screenshot({ path: join(ARTIFACTS, 'graphiql-subscription.png') });

      const ended = page.waitForEvent('requestfailed', (failed) => failed === request);
      await button.click();
      await ended;
      await page.getByRole('button', { name: /^Execute/ }).waitFor();
      check('the stop button ends it', true);
      const shown = await text(response);
      for (const withdraw of withdrawals) await withdraw();
      check('and what came stays', shown.includes('And another one') && (await text(response)) === shown, shown);

      await page.locator('.graphiql-tab-add').click();
      await page.locator('.graphiql-query-editor .monaco-editor').click();
      await page.keyboard.insertText('subscription Nothing { publication(id: "x") { cursor } }');
      await page.waitForFunction(() => {
        const { tabs = [], activeTabIndex } = JSON.parse(localStorage.getItem('graphiql:tabState') ?? '{}');
        return tabs[activeTabIndex]?.operationName === 'Nothing';
      });
      await start();
      await shows('BAD_USER_INPUT');
      await page.getByRole('button', { name: /^Execute/ }).waitFor();
      check('what is wrong with one is shown, and it is over', true);
      await closeTab();
    });

    await step('a sign-in stays over a reload if asked', async () => {
      await pane('Copy as curl').click();
      const shell = page.locator('.courant-curl pre');
      check('the command names the token and does not hold it', /Bearer '"\$TOKEN"/.test(await shell.innerText()), await shell.innerText());
      await page.locator('.courant-curl').getByRole('checkbox').check();
      check('but for those who ask', (await shell.innerText()).includes('Bearer eyJ'), await shell.innerText());
      await pane('Sign in').click();
      await page.getByRole('button', { name: 'Sign out' }).click();
      const form = page.getByRole('form', { name: 'Sign in with a password' });
      await form.getByRole('checkbox').check();
      await signIn(PASSWORD);
      await page.locator('.courant-sign-in [role="status"]').waitFor();
      await open(() => page.reload());
      if ((await page.locator('.courant-sign-in').count()) === 0) await pane('Sign in').click();
      const who = await page.locator('.courant-sign-in [role="status"]').innerText();
      check('a reload keeps it', who.includes(EMAIL), who);
      const stored = await page.evaluate(() => JSON.stringify({ ...localStorage }));
      check('it is in the session storage of this tab alone', !stored.includes('eyJ'), stored);
    });

    await step('they sign out', async () => {
      if ((await page.locator('.courant-sign-in').count()) === 0) await pane('Sign in').click();
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByRole('form', { name: 'Sign in with a password' }).waitFor();
      await openExample('MyNewsroom');
      const left = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
      check('signed out, no token is left', !left.includes('eyJ'), left);
      const { body } = await execute();
      check('signed out, the newsroom is closed', body.errors?.[0]?.extensions?.code === 'UNAUTHENTICATED', JSON.stringify(body));
    });
  } finally {
    // Messages come in order: those of before are here when the page has nothing left to do and says so.
    await context.pages()[0]?.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)));
    check('no console error or warning', complaints.length === 0, complaints.join('\n'));
    check('no page error', pageErrors.length === 0, pageErrors.join('\n'));
    check('no failed request', failedRequests.length === 0, failedRequests.join('\n'));
    check('no request to another origin', foreignRequests.length === 0, foreignRequests.join('\n'));
    await context.close();
  }
}

const profile = await mkdtemp(join(tmpdir(), 'courant-graphiql-'));
try {
  await main(profile);
} catch (error) {
  check('the test runs to its end', false, error.stack ?? error);
} finally {
  await rm(profile, { recursive: true, force: true, maxRetries: 5 });
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
