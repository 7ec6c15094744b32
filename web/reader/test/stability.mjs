// What moves while a page comes over a slow network for the first time: nothing that a reader would notice.
import { desktop, launch, open, phone } from './chromium.mjs';
import { check, step } from './check.mjs';

/** A slow network: 50 KB a second, and a fifth of a second there and back. */
const SLOW = { offline: false, latency: 200, downloadThroughput: 50_000, uploadThroughput: 50_000 };

/** The most that may move, as browsers count it (Layout Instability); a tenth is called good, and a reader sees less. */
const MOST = 0.02;

const ARTICLE = '/en/articles/future-dialogue-with-migration-organisation';

const PATHS = {
  'the front page': '/en',
  'an article': ARTICLE,
  'an article whose picture does not come': `${ARTICLE}?without`,
  'a decree': '/ru/decrees/zakon-o-pensiyakh',
  'a category': '/tk/categories/politics',
  'the register': '/en/decrees',
};

export async function stabilityTests(origin) {
  const browser = await launch();
  try {
    await step('first visits over a slow network', () =>
      // Each in a window with a network of its own, so that they need not wait for one another.
      Promise.all(
        Object.entries(PATHS).flatMap(([name, path]) =>
          Object.entries({ desktop, phone }).map(async ([device, options]) => {
            const { moved, why } = await moves(browser, origin, path, options);
            check(`${name} on a ${device} stays where it is: ${moved.toFixed(4)}`, moved < MOST, why);
          }),
        ),
      ),
    );
  } finally {
    await browser.close();
  }
}

/** How much moves, and what. */
async function moves(browser, origin, path, options) {
  const { page, context, goto } = await open(browser, origin, options);
  const network = await context.newCDPSession(page);
  await network.send('Network.enable');
  await network.send('Network.emulateNetworkConditions', SLOW);
  if (path.endsWith('?without')) await page.route('https://example.org/images/**', (route) => route.abort());
  await page.addInitScript(() => {
    window.moves = [];
    new PerformanceObserver((list) => {
      for (const { value, startTime, sources } of list.getEntries()) {
        const what = sources.map(({ node, previousRect: { top, height }, currentRect: now }) => {
          const name = `${node?.nodeName} .${node?.className ?? ''} ${node?.textContent?.slice(0, 30) ?? ''}`;
          return `${name}: ${top}+${height} → ${now.top}+${now.height}`;
        });
        window.moves.push({ value, startTime, what });
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await goto(path);
  await page.evaluate(() => document.fonts.ready);
  // The fonts and pictures that were asked for are there, and what they moved was counted.
  await page.waitForLoadState('networkidle');
  const found = await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(window.moves)))));
  await context.close();
  return { moved: found.reduce((sum, { value }) => sum + value, 0), why: JSON.stringify(found, null, 1) };
}
