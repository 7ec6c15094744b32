// Lighthouse on a phone it simulates: accessibility, best practices and SEO must be 95 or more; performance hangs on the machine,
// and so does the layout shift that agentic browsing counts, so they are shown and kept as an artefact.
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import lighthouse from 'lighthouse';
import { ARTIFACTS, launch } from './chromium.mjs';
import { check, step } from './check.mjs';

const PATHS = {
  front: '/en',
  article: '/en/articles/future-dialogue-with-migration-organisation',
  decree: '/ru/decrees',
};
const ENOUGH = 0.95;

export async function lighthouseTests(origin) {
  const port = await freePort();
  const browser = await launch(`--remote-debugging-port=${port}`);
  try {
    for (const [name, path] of Object.entries(PATHS)) {
      await step(`Lighthouse on ${name}`, async () => {
        const { lhr, report } = await lighthouse(origin + path, { port, output: 'html', logLevel: 'error' });
        await writeFile(join(ARTIFACTS, `lighthouse-${name}.html`), report);
        const scores = Object.entries(lhr.categories).map(([id, { score }]) => [id, score]);
        console.log(`     ${scores.map(([id, score]) => `${id} ${Math.round(score * 100)}`).join(', ')}`);
        for (const [id, score] of scores) {
          if (['performance', 'agentic-browsing'].includes(id)) continue;
          const lost = lhr.categories[id].auditRefs.filter(({ id, weight }) => weight > 0 && lhr.audits[id].score < 1);
          check(`${name}: ${id}`, score >= ENOUGH, `${score}: ${lost.map(({ id }) => id).join(', ')}`);
        }
      });
    }
  } finally {
    await browser.close();
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
