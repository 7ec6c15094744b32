import { graphql, readFragment, type FragmentType } from '../gql';
import { fill, useLanguage } from '../language';
import { Day } from './Day';
import { Foreign, useLang } from './Foreign';
import styles from './LastNews.module.css';

export const LastNewsFragment = graphql(`
  fragment LastNews on Query {
    lastNews: feed(slug: "last-news", locale: $locale) {
      id
      title
      path
      items(first: 10) {
        nodes {
          __typename
          id
          locale
          path
          title
          publishedAt
          ... on Decree {
            number
            decreeKind: kind
          }
        }
      }
    }
  }
`);

/** The newest headlines with their dates, acts among them. */
export function LastNews({ of }: { of: FragmentType<typeof LastNewsFragment> }) {
  const { lastNews } = readFragment(LastNewsFragment, of);
  const { t } = useLanguage();
  const lang = useLang();
  if (!lastNews) return null;
  return (
    <aside className={styles.lastNews} aria-labelledby="last-news">
      <h2 id="last-news" className="section">
        {lastNews.title}
      </h2>
      <ol>
        {lastNews.items.nodes.map((item) => (
          <li key={item.id}>
            <Day of={item.publishedAt} short />
            <a href={item.path} lang={lang(item.locale)}>
              {item.__typename === 'Decree' && (
                <span className={styles.act}>
                  {t.decreeKinds[item.decreeKind]} {fill(t.number, { number: item.number })}
                </span>
              )}
              {item.title}
            </a>
            <Foreign locale={item.locale} />
          </li>
        ))}
      </ol>
      <p>
        <a className="onward" href={lastNews.path}>
          {fill(t.allOf, { title: lastNews.title })}
        </a>
      </p>
    </aside>
  );
}
