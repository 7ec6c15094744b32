// The reader's language: what the app says in it, and how dates and numbers are written.
import { createContext, useContext, useMemo, type ReactNode } from 'react';
import { marked } from './standing-in/marks';
import { en } from './strings/en';
import { ru } from './strings/ru';
import type { Counted, Strings } from './strings/strings';
import { tk } from './strings/tk';

export const spoken: Record<string, Strings> = { en, ru, tk };

/** Written the British way, as the day comes first in the other languages, too. */
export const writtenAs: Record<string, string> = { en: 'en-GB' };

export interface Language {
  /** The language of the page, as a BCP 47 tag. */
  locale: string;
  t: Strings;
  /** A day, or that of an instant where the site is: `2 March 2021`. */
  day: (instant: string) => string;
  /** The same with the hour: `2 March 2021, 14:30`. */
  moment: (instant: string) => string;
  /** The same in short, without the year if it is this one: `2 Mar`. */
  shortDay: (instant: string) => string;
  number: (value: number) => string;
  count: (text: Counted, value: number) => string;
}

/** A language the app speaks: that of the address, else the first the reader prefers, else English. */
export function chooseLocale(named: string | undefined): string {
  const wanted = named === undefined ? navigator.languages : [named];
  return wanted.find((tag) => primary(tag) in spoken) ?? named ?? 'en';
}

/** The language of `/`: the reader's first that the app speaks. */
export const preferredLocale = () => primary(chooseLocale(undefined));

const primary = (tag: string) => tag.toLowerCase().split('-')[0] ?? '';

/** Puts values into a text of `Strings`. */
export function fill(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
}

function mark<T>(value: T, dir: 'ltr' | 'rtl'): T {
  if (typeof value === 'string') return marked(value, dir) as T;
  if (Array.isArray(value)) return value.map((one) => mark(one as unknown, dir)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, of]) => [name, mark(of as unknown, dir)])) as T;
}

/** English, as it is said on pages in a language that the app does not speak. */
const standingIn = { ltr: mark(en, 'ltr'), rtl: mark(en, 'rtl') };

export function languageOf(locale: string, timeZone = 'UTC', dir: 'ltr' | 'rtl' = 'ltr'): Language {
  // What the app does not speak it says in English, dates and numbers too: no sentence is in two languages.
  const speaks = primary(locale) in spoken;
  const t = spoken[primary(locale)] ?? standingIn[dir];
  const tag = speaks ? (writtenAs[locale] ?? locale) : (writtenAs.en ?? 'en');
  const known = Intl.DateTimeFormat.supportedLocalesOf(tag).length > 0;
  // Some browsers are built without Turkmen; its numbers are written like Russian ones.
  const numbers = new Intl.NumberFormat(known ? tag : 'ru');
  const plural = new Intl.PluralRules(known ? tag : 'ru');
  const long: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'long', year: 'numeric' };
  const short = (year: boolean): Intl.DateTimeFormatOptions => ({
    day: 'numeric',
    month: 'short',
    ...(year && { year: 'numeric' }),
  });
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' });
  // The parts of an instant where the site is; a day is the same everywhere.
  const calendar = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: 'numeric', day: 'numeric' });
  const zoneOf = (instant: string) => (instant.length > 10 ? timeZone : 'UTC');
  const yearOf = (instant: string) => (instant.length > 10 ? partsOf(calendar, instant).year : Number(instant.slice(0, 4)));
  const write = (instant: string, options: Intl.DateTimeFormatOptions) => {
    const text = inWords(instant, options);
    return speaks ? text : marked(text, dir);
  };
  const inWords = (instant: string, options: Intl.DateTimeFormatOptions) => {
    const date = new Date(instant);
    if (known || !t.months) return new Intl.DateTimeFormat(tag, { ...options, timeZone: zoneOf(instant) }).format(date);
    const { year, month, day } = instant.length > 10 ? partsOf(calendar, instant) : partsOf(utc, instant);
    const name = t.months[month - 1] ?? '';
    const shown = options.month === 'short' ? name.slice(0, 3) : name;
    return [day, shown, ...(options.year ? [year] : [])].join(' ');
  };
  const thisYear = partsOf(calendar, new Date().toISOString()).year;
  return {
    locale,
    t,
    day: (instant) => write(instant, long),
    moment: (instant) => {
      const text = `${write(instant, long)}, ${clock.format(new Date(instant))}`;
      return speaks ? text : marked(text, dir);
    },
    shortDay: (instant) => write(instant, short(yearOf(instant) !== thisYear)),
    number: (value) => numbers.format(value),
    count: (text, value) => fill(text[plural.select(value)] ?? text.other, { n: numbers.format(value) }),
  };
}

const utc = new Intl.DateTimeFormat('en-CA', { timeZone: 'UTC', year: 'numeric', month: 'numeric', day: 'numeric' });

function partsOf(calendar: Intl.DateTimeFormat, instant: string) {
  const parts = calendar.formatToParts(new Date(instant));
  const number = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((part) => part.type === type)?.value);
  return { year: number('year'), month: number('month'), day: number('day') };
}

const Spoken = createContext<Language>(languageOf('en'));

export const useLanguage = () => useContext(Spoken);

export function LanguageProvider({
  locale,
  dir,
  timeZone,
  children,
}: {
  locale: string;
  /** In which direction it is written. */
  dir: 'ltr' | 'rtl';
  /** Where the site is. */
  timeZone: string | undefined;
  children: ReactNode;
}) {
  const language = useMemo(() => languageOf(locale, timeZone, dir), [locale, timeZone, dir]);
  return <Spoken value={language}>{children}</Spoken>;
}
