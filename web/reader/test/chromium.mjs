// A headless Chromium, and pages of it that watch what happens in them.
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium } from 'playwright-core';

const { CHROMIUM = '/usr/bin/chromium' } = process.env;
export const ARTIFACTS = process.env.ARTIFACTS ?? fileURLToPath(new URL('../artifacts', import.meta.url));

export const desktop = { viewport: { width: 1366, height: 900 }, colorScheme: 'light' };
export const phone = { viewport: { width: 390, height: 844 }, colorScheme: 'dark', hasTouch: true, isMobile: true };

export async function launch(...more) {
  await mkdir(ARTIFACTS, { recursive: true });
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...more,
    ],
  });
}

// The pictures of the samples are at a host that does not exist.
const PICTURES = 'https://example.org/images/';
const PICTURE =
  '<svg xmlns="http://www.w3.org/2000/svg" width="1600" height="900"><rect width="1600" height="900" fill="#b9a888"/></svg>';

/** A page, with what goes wrong in it in `troubles` and what it asks the service in `asked`. */
export async function open(browser, origin, options = desktop) {
  const context = await browser.newContext({ locale: 'en-GB', ...options });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  const troubles = [];
  const asked = [];
  context.on('weberror', (error) => troubles.push(error.error().stack ?? String(error.error())));
  context.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    // That a page is not there, the browser says by itself.
    if (/status of (404|410)/.test(message.text()) && message.location().url === page.url()) return;
    troubles.push(`${message.type()}: ${message.text().slice(0, 400)} (${message.location().url})`);
  });
  context.on('request', (request) => {
    const { protocol, origin: at, pathname } = new URL(request.url());
    if (protocol !== 'data:' && at !== origin && !request.url().startsWith(PICTURES))
      troubles.push(`asked ${request.url()}`);
    if (pathname !== '/graphql') return;
    // What a page that stays open hears of comes when it comes; the tests of that look for it themselves.
    const operation = request.postDataJSON()?.operationName;
    if (operation !== undefined && operation !== 'Since') asked.push(operation);
  });
  await page.route(`${PICTURES}**`, (route) => route.fulfill({ contentType: 'image/svg+xml', body: PICTURE }));
  return {
    page,
    context,
    troubles,
    asked,
    /** Takes out what was asked since the last time. */
    takeAsked: () => asked.splice(0),
    /** Opens a path, and waits for the app to be there. */
    goto: async (path) => {
      const answer = await page.goto(origin + path);
      if (options.javaScriptEnabled !== false) await page.locator('#root > main h1').waitFor({ state: 'attached' });
      return answer;
    },
    /** Waits until the page with this heading is shown. */
    shown: (heading) => page.locator('main h1', { hasText: heading }).waitFor({ state: 'attached' }),
    screenshot: (name) => page.screenshot({ path: join(ARTIFACTS, `${name}.png`) }),
  };
}

/** What axe finds wrong with a page, as lines. */
export async function axe(page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target} ${node.failureSummary}`));
}

/** The path the page is at, with its query. */
export const at = (page) => {
  const { pathname, search } = new URL(page.url());
  return pathname + search;
};
