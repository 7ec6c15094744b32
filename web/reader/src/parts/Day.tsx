import { useLanguage } from '../language';

/** A date as the reader's language writes it, and as machines read it. */
export function Day({ of, short = false }: { of: string; short?: boolean }) {
  const { day, shortDay } = useLanguage();
  return <time dateTime={of}>{short ? shortDay(of) : day(of)}</time>;
}
