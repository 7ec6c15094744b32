// Counts what holds and what does not.
/** Only the parts whose name matches, while something is being worked on: ONLY=register npm test */
const ONLY = process.env.ONLY && new RegExp(process.env.ONLY);

let passed = 0;
let failed = 0;

export function check(name, ok, detail = '') {
  if (ok) passed += 1;
  else failed += 1;
  const why = !ok && detail !== '' ? `\n     ${String(detail).slice(0, 1500).replaceAll('\n', '\n     ')}` : '';
  if (!ok || process.env.VERBOSE) console.log(`${ok ? 'ok  ' : 'FAIL'} ${name}${why}`);
}

export const equal = (name, found, wanted) =>
  check(
    name,
    JSON.stringify(found) === JSON.stringify(wanted),
    `${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`,
  );

/** Runs one part; what stops it fails, and the parts after it run all the same. */
export async function step(name, run) {
  if (ONLY && !ONLY.test(name)) return;
  const began = Date.now();
  try {
    await run();
  } catch (error) {
    check(name, false, error.stack ?? error);
  }
  console.log(`     ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
}

export function summary() {
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
