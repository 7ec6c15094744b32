// The reader's language: what the app says in it, and how dates and numbers are written.
import { createContext, useContext, useMemo, type ReactNode } from 'react';
import { en } from './strings/en';
import { ru } from './strings/ru';
import type { Counted, Strings } from './strings/strings';
import { tk } from './strings/tk';

const spoken: Record<string, Strings> = { en, ru, tk };

/** Written the British way, as the day comes first in the other languages, too. */
const writtenAs: Record<string, string> = { en: 'en-GB' };

export interface Language {
  /** The language of the page, as a BCP 47 tag. */
  locale: string;
  t: Strings;
  /** The day of an instant, in UTC: `2 March 2021`. */
  day: (instant: string) => string;
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

export function languageOf(locale: string): Language {
  const t = spoken[primary(locale)] ?? en;
  const tag = writtenAs[locale] ?? locale;
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
  const write = (instant: string, options: Intl.DateTimeFormatOptions) => {
    const date = new Date(instant);
    if (known || !t.months) return new Intl.DateTimeFormat(tag, { ...options, timeZone: 'UTC' }).format(date);
    const month = t.months[date.getUTCMonth()] ?? '';
    const shown = options.month === 'short' ? month.slice(0, 3) : month;
    return [date.getUTCDate(), shown, ...(options.year ? [date.getUTCFullYear()] : [])].join(' ');
  };
  const thisYear = new Date().getUTCFullYear();
  return {
    locale,
    t,
    day: (instant) => write(instant, long),
    shortDay: (instant) => write(instant, short(new Date(instant).getUTCFullYear() !== thisYear)),
    number: (value) => numbers.format(value),
    count: (text, value) => fill(text[plural.select(value)] ?? text.other, { n: numbers.format(value) }),
  };
}

const Spoken = createContext<Language>(languageOf('en'));

export const useLanguage = () => useContext(Spoken);

export function LanguageProvider({ locale, children }: { locale: string; children: ReactNode }) {
  const language = useMemo(() => languageOf(locale), [locale]);
  return <Spoken value={language}>{children}</Spoken>;
}
