// Counts what holds and what does not, and waits for what is to come.
const ONLY = process.env.ONLY && new RegExp(process.env.ONLY);

/** How long something may take to come; the machine may be busy. */
const SOON = 30_000;

let passed = 0;
let failed = 0;

export function check(name, ok, detail = '') {
  if (ok) passed += 1;
  else failed += 1;
  if (!ok || process.env.VERBOSE) console.log(`${ok ? 'ok  ' : 'FAIL'} ${name}`);
  if (!ok && detail !== '') console.log(`     ${String(detail).slice(0, 1500).replaceAll('\n', '\n     ')}`);
}

export function equal(name, found, wanted) {
  const [is, should] = [found, wanted].map((value) => JSON.stringify(value));
  check(name, is === should, `${is} instead of ${should}`);
}

/** Runs one part; what stops it fails, and the parts after it run all the same. ONLY=apollo npm test runs those that match. */
export async function step(name, run) {
  if (ONLY && !ONLY.test(name)) return;
  const began = Date.now();
  try {
    await run();
  } catch (error) {
    check(name, false, error.stack ?? JSON.stringify(error));
  }
  console.log(`     ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
}

export function summary() {
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
}

/** What has come of something, in order, and how it has ended; `next`, `error` and `complete` make it a sink of every client. */
export class Heard {
  items = [];
  error = undefined;
  isOver = false;
  #waiting = new Set();

  constructor(what) {
    this.what = what;
    // Clients call them without an object.
    for (const name of ['next', 'fail', 'complete']) this[name] = this[name].bind(this);
    this.sink = { next: this.next, error: this.fail, complete: this.complete };
  }

  next(item) {
    this.items.push(item);
    this.#wake();
  }

  fail(error) {
    this.error = error ?? 'an error without a word';
    this.#wake();
  }

  complete() {
    this.isOver = true;
    this.#wake();
  }

  #wake() {
    for (const wake of this.#waiting) wake();
  }

  /** Waits until it holds, and says what came. */
  async until(holds) {
    const end = Date.now() + SOON;
    while (!holds(this)) {
      const left = end - Date.now();
      if (left <= 0) throw new Error(`${this.what}: still not ${holds}; there is ${this.told()}`);
      await new Promise((resolve) => {
        const wake = () => {
          clearTimeout(timer);
          this.#waiting.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, left);
        this.#waiting.add(wake);
      });
    }
    return this.items;
  }

  /** The first so many. */
  async first(count) {
    await this.until((heard) => heard.items.length >= count || heard.error || heard.isOver);
    if (this.items.length < count) throw new Error(`${this.what}: only ${this.told()}`);
    return this.items;
  }

  told() {
    const error = this.error && { message: this.error.message, code: this.error.code, ...this.error };
    return JSON.stringify({ items: this.items, error, isOver: this.isOver }).slice(0, 1200);
  }
}

/** Asks again until there is an answer that is taken. */
export async function eventually(what, ask) {
  const end = Date.now() + SOON;
  for (;;) {
    const answer = await ask().catch((error) => ({ error }));
    if (answer && !answer.error) return answer;
    if (Date.now() > end) throw new Error(`${what}: not in time; ${answer?.error ?? answer}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
