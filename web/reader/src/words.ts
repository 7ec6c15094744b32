// What the server needs to write a page in a language that the app speaks: its words, and how dates, numbers and plural forms are
// written, as Intl knows it. The build writes it into dist/words.json; src/plain/ are the pages that it is for.
import { spoken, writtenAs } from './language';
import type { Strings } from './strings/strings';

interface Written {
  /** Its months, as they stand in a date. */
  months: string[];
  /** Such as `{day} {month} {year}`. */
  pattern: string;
}

interface Words {
  strings: Strings;
  /** `2 March 2021`, `2 Mar 2021` and `2 Mar`. */
  long: Written;
  short: Written;
  shortOfThisYear: Written;
  /** What stands between thousands; from how many digits on. */
  group: string;
  groupsFrom: number;
  /** The plural form of each number to 199; those above take that of their last two digits, above a hundred. */
  plural: Intl.LDMLPluralRule[];
}

/** Of each language, by its primary tag. */
export function words(): Record<string, Words> {
  return Object.fromEntries(Object.entries(spoken).map(([tag, strings]) => [tag, wordsOf(writtenAs[tag] ?? tag, strings)]));
}

function wordsOf(tag: string, strings: Strings): Words {
  const written = (options: Intl.DateTimeFormatOptions): Written => {
    const format = new Intl.DateTimeFormat(tag, { ...options, timeZone: 'UTC' });
    const parts = (month: number) => format.formatToParts(new Date(Date.UTC(2021, month, 2)));
    const named = ['day', 'month', 'year'];
    return {
      months: [...Array(12).keys()].map((month) => parts(month).find(({ type }) => type === 'month')?.value ?? ''),
      pattern: parts(0)
        .map(({ type, value }) => (named.includes(type) ? `{${type}}` : value.replaceAll('\u202f', '\u00a0')))
        .join(''),
    };
  };
  const numbers = new Intl.NumberFormat(tag);
  const separator = (of: number) => numbers.formatToParts(of).find(({ type }) => type === 'group')?.value;
  const rules = new Intl.PluralRules(tag);
  return {
    strings,
    long: written({ day: 'numeric', month: 'long', year: 'numeric' }),
    short: written({ day: 'numeric', month: 'short', year: 'numeric' }),
    shortOfThisYear: written({ day: 'numeric', month: 'short' }),
    group: separator(10_000) ?? '',
    groupsFrom: separator(1_000) === undefined ? 5 : 4,
    plural: [...Array(200).keys()].map((n) => rules.select(n)),
  };
}
