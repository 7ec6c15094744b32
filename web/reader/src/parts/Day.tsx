import { useLanguage } from '../language';

/** A date as the reader's language writes it, in short or with the hour if so wanted, and as machines read it. */
export function Day({ of, short = false, exact = false }: { of: string; short?: boolean; exact?: boolean }) {
  const { day, shortDay, moment } = useLanguage();
  return <time dateTime={of}>{short ? shortDay(of) : exact ? moment(of) : day(of)}</time>;
}
