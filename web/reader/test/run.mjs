// Every test of the reader: `npm run build`, then
//   BASE_URL=http://127.0.0.1:8080 EMAIL=… PASSWORD=… [CHROMIUM=/usr/bin/chromium] [ARTIFACTS=dir] npm test
// BASE_URL is a Courant with the sample content. Where it does not serve this build itself, test/stand-in.mjs does, in front of
// it. EMAIL and PASSWORD are of an administrator there, for the tests that publish. Ends with the line `N passed, N failed`.
import { readFile } from 'node:fs/promises';
import { browserTests } from './browser.mjs';
import { check, step, summary } from './check.mjs';
import { directionTests } from './directions.mjs';
import { hostileTests } from './hostile.mjs';
import { lighthouseTests } from './lighthouse.mjs';
import { plainTests } from './plain-pages.mjs';
import { newsroomTests } from './published.mjs';
import { searchTests } from './search.mjs';
import { stabilityTests } from './stability.mjs';
import { startStandIn } from './stand-in.mjs';
import { unitTests } from './unit.mjs';

const { BASE_URL, EMAIL, PASSWORD } = process.env;
try {
  await step('what needs no browser', unitTests);
  if (!BASE_URL) throw new Error('set BASE_URL, for example http://127.0.0.1:8080');
  const served = await serves(BASE_URL);
  const standIn = served ? undefined : await startStandIn({ upstream: BASE_URL });
  const origin = standIn?.url ?? new URL(BASE_URL).origin;
  console.log(`     the reader is at ${origin}, ${served ? 'served by Courant' : 'served by the stand-in'}`);
  try {
    await browserTests(origin);
    await searchTests(origin);
    await directionTests(origin);
    if (!EMAIL || !PASSWORD) throw new Error('set EMAIL and PASSWORD of an administrator');
    await newsroomTests(origin, { email: EMAIL, password: PASSWORD });
    await hostileTests(origin, { email: EMAIL, password: PASSWORD });
    await plainTests(origin);
    await stabilityTests(origin);
    await lighthouseTests(origin);
  } finally {
    await standIn?.close();
  }
} catch (error) {
  check('the tests run to their end', false, error.stack ?? error);
}
summary();

/** Whether a server serves this very build, and not another reader or none. */
async function serves(address) {
  const html = await readFile(new URL('../dist/index.html', import.meta.url), 'utf8');
  const assets = [...html.matchAll(/"\/(assets\/[^"]+)"/g)].map(([, path]) => path);
  const answers = await Promise.all(assets.map((path) => fetch(new URL(path, address))));
  return answers.every(({ ok }) => ok);
}
