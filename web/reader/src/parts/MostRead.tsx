import { graphql, readFragment, type FragmentType } from '../gql';
import { useLanguage } from '../language';
import { Foreign, useLang } from './Foreign';
import styles from './MostRead.module.css';

export const MostReadFragment = graphql(`
  fragment MostRead on Query {
    mostRead: articles(locale: $locale, first: 5, orderBy: MOST_READ_WEEK) {
      nodes {
        id
        locale
        path
        title
        viewCount
      }
    }
  }
`);

/** What was read most within the last seven days. */
export function MostRead({ of }: { of: FragmentType<typeof MostReadFragment> }) {
  const { mostRead } = readFragment(MostReadFragment, of);
  const { t } = useLanguage();
  const lang = useLang();
  // Where nobody has read anything yet, nothing was read most.
  const items = mostRead?.nodes.filter(({ viewCount }) => viewCount > 0) ?? [];
  if (items.length === 0) return null;
  return (
    <aside className={styles.mostRead} aria-labelledby="most-read">
      <h2 id="most-read" className="section">
        {t.mostRead}
      </h2>
      <ol>
        {items.map((item) => (
          <li key={item.id}>
            <a href={item.path} {...lang(item.locale)}>
              {item.title}
            </a>
            <Foreign locale={item.locale} />
          </li>
        ))}
      </ol>
    </aside>
  );
}
