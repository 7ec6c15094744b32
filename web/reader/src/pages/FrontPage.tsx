import type { ReactNode } from 'react';
import { Head } from '../app/Head';
import { useSite } from '../app/site';
import type { Alternate } from '../app/alternates';
import { graphql, readFragment, type FragmentType } from '../gql';
import { fill, useLanguage } from '../language';
import { DecreeLine } from '../parts/DecreeLine';
import { Teaser } from '../parts/Teaser';
import styles from './FrontPage.module.css';

export const FrontPageFragment = graphql(`
  fragment FrontPage on Query {
    # What is pinned to this feed stands first: so editors choose the lead.
    latest: feed(slug: "last-news", locale: $locale) {
      id
      items(first: 14) {
        nodes {
          __typename
          id
          ...Teaser
        }
      }
    }
    choice: feed(slug: "editors-choice", locale: $locale) {
      id
      title
      path
      items(first: 4) {
        nodes {
          id
          ...Teaser
        }
      }
    }
    bySection: categories(locale: $locale) {
      id
      title
      path
      articles(first: 4) {
        nodes {
          id
          ...Teaser
        }
      }
    }
    acts: decrees(locale: $locale, first: 6) {
      nodes {
        id
        ...DecreeLine
      }
    }
  }
`);

/** How many stories stand below the lead. */
const below = 6;

export function FrontPage({
  of,
  path,
  lastNews,
  mostRead,
  alternates,
}: {
  of: FragmentType<typeof FrontPageFragment>;
  path: string;
  lastNews: ReactNode;
  mostRead: ReactNode;
  alternates: Alternate[];
}) {
  const page = readFragment(FrontPageFragment, of);
  const { name, description } = useSite();
  const { locale, t } = useLanguage();
  const newest = page.latest?.items?.nodes.filter(({ __typename }) => __typename === 'Article') ?? [];
  const [lead, ...rest] = newest;
  const sections = (page.bySection ?? []).flatMap(({ articles, ...section }) =>
    articles && articles.nodes.length > 0 ? [{ ...section, stories: articles.nodes }] : [],
  );
  return (
    <>
      <Head title={name} description={description ?? fill(t.siteAbout, { title: name })} canonical={path} alternates={alternates} />
      <h1 className="unseen">{name}</h1>
      <div className={styles.top}>
        <div>
          {lead ? <Teaser of={lead} as="lead" heading="h2" /> : <p>{t.nothingHere}</p>}
          {rest.length > 0 && (
            <section className={styles.latest} aria-labelledby="latest">
              <h2 id="latest" className="section">
                {t.latest}
              </h2>
              <div className={styles.columns}>
                {rest.slice(0, below).map((story) => (
                  <Teaser key={story.id} of={story} as="card" />
                ))}
              </div>
            </section>
          )}
        </div>
        <div>
          {lastNews}
          {mostRead}
        </div>
      </div>

      {page.choice?.items && page.choice.items.nodes.length > 0 && (
        <section className={styles.choice} aria-labelledby="choice">
          <h2 id="choice" className="section">
            <a href={page.choice.path}>
              <bdi>{page.choice.title}</bdi>
            </a>
          </h2>
          <div className={styles.columns} data-columns="4">
            {page.choice.items.nodes.map((item) => (
              <Teaser key={item.id} of={item} as="card" />
            ))}
          </div>
        </section>
      )}

      {page.acts && page.acts.nodes.length > 0 && (
        <section className={styles.acts} aria-labelledby="acts">
          <h2 id="acts" className="section">
            <a href={`/${locale}/decrees`}>{t.officialActs}</a>
          </h2>
          <div className={styles.register}>
            {page.acts.nodes.map((act) => (
              <DecreeLine key={act.id} of={act} />
            ))}
          </div>
          <p>
            <a className="onward" href={`/${locale}/decrees`}>
              {t.wholeRegister}
            </a>
          </p>
        </section>
      )}

      <div className={styles.sections}>
        {sections.map(({ id, title, path, stories }) => (
          <section key={id} aria-labelledby={`section-${id}`}>
            <h2 id={`section-${id}`} className="section">
              <a href={path}>
                <bdi>{title}</bdi>
              </a>
            </h2>
            {stories.map((story, index) => (
              <Teaser key={story.id} of={story} as={index === 0 ? 'card' : 'line'} />
            ))}
          </section>
        ))}
      </div>
    </>
  );
}
