import { fill, useLanguage } from '../language';
import { useSite } from '../app/site';

/** The `lang` of a text that may be in another language than the page, for screen readers and hyphenation. */
export function useLang() {
  const { locale } = useLanguage();
  return (of: string) => (of === locale ? undefined : of);
}

/** Says which language something is in, where that is not the page's. */
export function Foreign({ locale }: { locale: string }) {
  const language = useLanguage();
  const { nameOf } = useSite();
  if (locale === language.locale) return null;
  return <span className="foreign">{fill(language.t.inLanguage, { language: nameOf(locale) })}</span>;
}
