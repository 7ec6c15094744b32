import { useRef, useState } from 'react';
import { graphql, readFragment, type FragmentType } from '../gql';
import { fill, useLanguage } from '../language';
import { Day } from './Day';
import { Foreign, useLang } from './Foreign';
import styles from './LastNews.module.css';
import { useSteady } from './useSteady';

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
            documentType
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
  const list = useRef<HTMLOListElement>(null);
  const items = lastNews?.items?.nodes;
  useSteady(list, items);
  const { edition, added } = useAdded(items?.map(({ id }) => id) ?? []);
  if (!lastNews || !items) return null;
  const [newest] = items.filter(({ id }) => added.includes(id));
  return (
    <aside className={styles.lastNews} aria-labelledby="last-news">
      <h2 id="last-news" className="section">
        <bdi>{lastNews.title}</bdi>
      </h2>
      {/* What is new takes the place of what was there, and pushes nothing down. */}
      <ol ref={list} key={edition}>
        {items.map((item) => (
          <li key={item.id} className={added.includes(item.id) ? styles.added : undefined}>
            <Day of={item.publishedAt} short />
            <a href={item.path} {...lang(item.locale)}>
              {item.__typename === 'Decree' && (
                <span className={styles.act}>
                  {t.documentTypes[item.documentType]} {fill(t.number, { number: item.number })}
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
      <p className="unseen" role="status">
        {newest && fill(t.newIn, { feed: lastNews.title, title: newest.title })}
      </p>
    </aside>
  );
}

/** Which of them were not there before, and how often it has come to that. */
function useAdded(ids: string[]): { edition: number; added: string[] } {
  const [seen, setSeen] = useState({ ids, edition: 0, added: [] as string[] });
  if (ids.join() === seen.ids.join()) return seen;
  const next = { ids, edition: seen.edition + 1, added: ids.filter((id) => !seen.ids.includes(id)) };
  setSeen(next);
  return next;
}
