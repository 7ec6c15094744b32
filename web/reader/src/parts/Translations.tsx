import { useSite } from '../app/site';
import { graphql, readFragment, type FragmentType } from '../gql';
import { useLanguage } from '../language';
import styles from './Translations.module.css';

export const TranslationsFragment = graphql(`
  fragment Translations on Publication {
    translations {
      id
      locale
      title
      path
    }
  }
`);

/** The same text in the other languages it is there in. */
export function Translations({ of }: { of: FragmentType<typeof TranslationsFragment> }) {
  const { translations } = readFragment(TranslationsFragment, of);
  const { t } = useLanguage();
  const { nameOf, dirOf } = useSite();
  if (translations.length === 0) return null;
  return (
    <nav className={styles.translations} aria-labelledby="translations">
      <h2 id="translations">{t.otherLanguages}</h2>
      <ul>
        {translations.map(({ id, locale, path, title }) => (
          <li key={id} lang={locale} dir={dirOf(locale)}>
            <a href={path} hrefLang={locale} title={title}>
              {nameOf(locale)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
