import type { ReactNode } from 'react';
import { Head } from '../app/Head';
import type { Alternate } from '../app/alternates';
import { graphql, readFragment, type FragmentType } from '../gql';
import { useLanguage } from '../language';
import { Follow } from '../parts/Follow';
import { ListHeader } from '../parts/ListHeader';
import styles from './ListPage.module.css';

export const FeedsPageFragment = graphql(`
  fragment FeedsPage on Query {
    feeds(locale: $locale) {
      id
      path
      title
      description
      feedOrder: order
    }
  }
`);

export function FeedsPage({
  of,
  path,
  alternates,
  lastNews,
}: {
  of: FragmentType<typeof FeedsPageFragment>;
  path: string;
  alternates: Alternate[];
  lastNews: ReactNode;
}) {
  const { feeds } = readFragment(FeedsPageFragment, of);
  const { t, locale } = useLanguage();
  return (
    <>
      <Head title={t.feedsTitle} description={t.feedsAbout} canonical={path} alternates={alternates} />
      <div className={styles.grid}>
        <div>
          <ListHeader title={t.feedsTitle} description={t.feedsAbout} path={path} />
          <p className={styles.how}>{t.feedsHow}</p>
          <ul className={styles.feeds}>
            <li>
              <h2>
                <a href={`/${locale}`}>{t.everything}</a>
              </h2>
              <p>{t.everythingAbout}</p>
              <Follow path={`/${locale}/feed`} />
            </li>
            {feeds?.map(({ id, path, title, description, feedOrder }) => (
              <li key={id}>
                <h2>
                  <a href={path}>
                    <bdi>{title}</bdi>
                  </a>
                </h2>
                {description && (
                  <p>
                    <bdi>{description}</bdi>
                  </p>
                )}
                <small>{t.feedOrders[feedOrder]}</small>
                <Follow path={path} />
              </li>
            ))}
          </ul>
        </div>
        {lastNews}
      </div>
    </>
  );
}
