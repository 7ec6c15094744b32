import type { ReactNode } from 'react';
import { Head } from '../app/Head';
import type { Alternate } from '../app/alternates';
import { useSite } from '../app/site';
import { graphql, readFragment, type FragmentType } from '../gql';
import { useLanguage } from '../language';
import { Breadcrumbs } from '../parts/Breadcrumbs';
import { Day } from '../parts/Day';
import { DecreeLine } from '../parts/DecreeLine';
import { History } from '../parts/History';
import { LeadImage } from '../parts/LeadImage';
import { RichText } from '../parts/RichText';
import { Tags } from '../parts/Tags';
import { Teaser } from '../parts/Teaser';
import { Translations } from '../parts/Translations';
import { Withdrawn } from '../parts/Withdrawn';
import styles from './Publication.module.css';

export const ArticlePageFragment = graphql(`
  fragment ArticlePage on Article {
    id
    locale
    path
    title
    kicker
    summary
    genre
    dateline
    publishedAt
    updatedAt
    viewCount
    canonicalUrl
    rights
    breadcrumbs {
      ...Crumb
    }
    category {
      id
      title
      path
    }
    authors {
      id
      name
      role
      path
    }
    leadImage {
      ...LeadImage
    }
    body {
      readingTimeMinutes
      ...RichText
    }
    source {
      name
      url
    }
    delivery {
      on
      place
      note
    }
    covers {
      id
      ...DecreeLine
    }
    related(first: 5) {
      id
      ...Teaser
    }
    ...Tags
    ...History
    ...Withdrawn
    ...Translations
  }
`);

export function ArticlePage({
  of,
  isPreview,
  alternates,
  lastNews,
}: {
  of: FragmentType<typeof ArticlePageFragment>;
  isPreview: boolean;
  alternates: Alternate[];
  lastNews: ReactNode;
}) {
  const article = readFragment(ArticlePageFragment, of);
  const { t, count, day } = useLanguage();
  const { dirOf } = useSite();
  const { title, summary, kicker, category, authors, delivery, source } = article;
  return (
    <>
      <Head
        title={title}
        description={summary}
        canonical={article.canonicalUrl ?? article.path}
        alternates={alternates}
        noindex={isPreview}
      />
      <Breadcrumbs way={article.breadcrumbs} here={article.path} title={title} of={article.locale} />
      <div className={styles.grid}>
        <article className={styles.publication} lang={article.locale} dir={dirOf(article.locale)}>
          <header className={styles.header}>
            <p className={styles.kicker}>
              <a href={category.path}>
                <bdi>{category.title}</bdi>
              </a>
              {kicker && kicker !== category.title && <span>{kicker}</span>}
              {article.genre !== 'NEWS' && <span>{t.genres[article.genre]}</span>}
            </p>
            <h1>{title}</h1>
            {summary && <p className={styles.standfirst}>{summary}</p>}
          </header>
          <div className={styles.margin}>
            <dl className={styles.facts}>
              <div>
                <dt>{t.published}</dt>
                <dd>
                  <Day of={article.publishedAt} exact />
                </dd>
              </div>
              {day(article.updatedAt) !== day(article.publishedAt) && (
                <div>
                  <dt>{t.updated}</dt>
                  <dd>
                    <Day of={article.updatedAt} exact />
                  </dd>
                </div>
              )}
              {authors.length > 0 && (
                <div>
                  <dt>{t.by}</dt>
                  {authors.map(({ id, name, role, path }) => (
                    <dd key={id}>
                      <a href={path}>
                        <bdi>{name}</bdi>
                      </a>
                      {role && (
                        <small>
                          <bdi>{role}</bdi>
                        </small>
                      )}
                    </dd>
                  ))}
                </div>
              )}
              {delivery && (delivery.on ?? delivery.place ?? delivery.note) && (
                <div>
                  <dt>{t.delivered}</dt>
                  <dd>
                    {delivery.on && <Day of={delivery.on} />}
                    {delivery.place && <small>{delivery.place}</small>}
                    {delivery.note && <small>{delivery.note}</small>}
                  </dd>
                </div>
              )}
              {source && (
                <div>
                  <dt>{t.source}</dt>
                  <dd>
                    <bdi>{source.url ? <a href={source.url}>{source.name}</a> : source.name}</bdi>
                  </dd>
                </div>
              )}
            </dl>
            <p className={styles.counts}>
              {article.viewCount > 0 && <span>{count(t.views, article.viewCount)}</span>}
              <span>{count(t.minutes, article.body.readingTimeMinutes)}</span>
            </p>
            <Translations of={article} />
          </div>
          <div className={styles.body}>
            <Withdrawn of={article} />
            {article.leadImage && <LeadImage of={article.leadImage} />}
            {article.dateline && <p className={styles.dateline}>{article.dateline}</p>}
            <RichText of={article.body} />
            {article.rights && <p className={styles.rights}>{article.rights}</p>}
            <History of={article} />
            <Tags of={article} />
          </div>
        </article>
        {lastNews}
        <div className={styles.after}>
          {article.covers.length > 0 && (
            <section aria-labelledby="acts">
              <h2 id="acts" className="section">
                {t.actsCovered}
              </h2>
              {article.covers.map((decree) => (
                <DecreeLine key={decree.id} of={decree} />
              ))}
            </section>
          )}
          {!!article.related?.length && (
            <section aria-labelledby="related">
              <h2 id="related" className="section">
                {t.related}
              </h2>
              {article.related.map((item) => (
                <Teaser key={item.id} of={item} />
              ))}
            </section>
          )}
        </div>
      </div>
    </>
  );
}
