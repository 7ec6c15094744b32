import { fill, useLanguage } from '../language';
import { useSite } from '../app/site';

/**
 * The `lang` and `dir` of a text that may be in another language than the page: for screen readers and hyphenation, and as it may be
 * written the other way.
 */
export function useLang() {
  const { locale } = useLanguage();
  const { dirOf } = useSite();
  return (of: string) => (of === locale ? {} : { lang: of, dir: dirOf(of) });
}

/** Says which language something is in, where that is not the page's. */
export function Foreign({ locale }: { locale: string }) {
  const language = useLanguage();
  const { nameOf } = useSite();
  if (locale === language.locale) return null;
  return <span className="foreign">{fill(language.t.inLanguage, { language: nameOf(locale) })}</span>;
}
