import type { FormEvent, ReactNode } from 'react';
import { Head } from '../app/Head';
import type { Alternate } from '../app/alternates';
import { useSite } from '../app/site';
import { graphql, readFragment, type FragmentType } from '../gql';
import type { LegalStatus } from '../gql/graphql';
import { fill, useLanguage } from '../language';
import { navigate } from '../navigation';
import { Breadcrumbs } from '../parts/Breadcrumbs';
import { Day } from '../parts/Day';
import { History } from '../parts/History';
import { Relations } from '../parts/Relations';
import { RichText } from '../parts/RichText';
import { Status } from '../parts/Status';
import { Tags } from '../parts/Tags';
import { Teaser } from '../parts/Teaser';
import { Translations } from '../parts/Translations';
import { Withdrawn } from '../parts/Withdrawn';
import styles from './Publication.module.css';
import own from './DecreePage.module.css';

export const DecreePageFragment = graphql(`
  fragment DecreePage on Decree {
    id
    locale
    path
    title
    summary
    number
    documentType
    publishedAt
    viewCount
    signedOn
    effectiveOn
    repealedOn
    inForceFrom
    inForceUntil
    status
    statusThen: status(asOf: $on)
    breadcrumbs {
      ...Crumb
    }
    category {
      id
      title
      path
    }
    signatory {
      name
      office
      person {
        id
        path
      }
    }
    body {
      readingTimeMinutes
      ...RichText
    }
    ...Relations
    coverage(first: 10) {
      nodes {
        id
        ...Teaser
      }
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

export function DecreePage({
  of,
  isPreview,
  on,
  alternates,
  lastNews,
}: {
  of: FragmentType<typeof DecreePageFragment>;
  /** The day whose status the reader wants to know. */
  on: string | undefined;
  isPreview: boolean;
  alternates: Alternate[];
  lastNews: ReactNode;
}) {
  const decree = readFragment(DecreePageFragment, of);
  const { t, count } = useLanguage();
  const { dirOf } = useSite();
  const { title, summary, category, signatory, coverage, inForceFrom, inForceUntil } = decree;
  const number = fill(t.number, { number: decree.number });
  const type = t.documentTypes[decree.documentType];
  const signedBy = [signatory?.office, signatory?.name].filter(Boolean).join(', ');
  return (
    <>
      <Head
        title={`${type} ${number}: ${title}`}
        description={summary}
        canonical={decree.path}
        alternates={alternates}
        noindex={isPreview}
      />
      <Breadcrumbs way={decree.breadcrumbs} here={decree.path} title={title} of={decree.locale} />
      <div className={styles.grid}>
        <article className={styles.publication} lang={decree.locale} dir={dirOf(decree.locale)}>
          <header className={`${styles.header} ${own.header}`}>
            <p className={own.number}>
              {type} {number}
            </p>
            <h1>{title}</h1>
            {summary && <p className={styles.standfirst}>{summary}</p>}
          </header>
          <div className={styles.margin}>
            <dl className={styles.facts}>
              <div>
                <dt>{t.signedOn}</dt>
                <dd>
                  <Day of={decree.signedOn} />
                </dd>
              </div>
              {signedBy && (
                <div>
                  <dt>{t.signatory}</dt>
                  <dd>
                    {signatory?.person && signatory.name ? (
                      <a href={signatory.person.path}>
                        <bdi>{signatory.name}</bdi>
                      </a>
                    ) : (
                      <bdi>{signatory?.name ?? signatory?.office}</bdi>
                    )}
                    {signatory?.name && signatory.office && (
                      <small>
                        <bdi>{signatory.office}</bdi>
                      </small>
                    )}
                  </dd>
                </div>
              )}
              <div>
                <dt>{t.effectiveFrom}</dt>
                <dd>{inForceFrom ? <Day of={inForceFrom} /> : t.commencedByAnother}</dd>
              </div>
              {inForceUntil && (
                <div>
                  <dt>{t.effectiveUntil}</dt>
                  <dd>
                    <Day of={inForceUntil} />
                  </dd>
                </div>
              )}
              <div>
                <dt>{t.published}</dt>
                <dd>
                  <Day of={decree.publishedAt} />
                </dd>
              </div>
              <div>
                <dt>{t.category}</dt>
                <dd>
                  <a href={category.path}>
                    <bdi>{category.title}</bdi>
                  </a>
                </dd>
              </div>
            </dl>
            <p className={styles.counts}>
              {decree.viewCount > 0 && <span>{count(t.views, decree.viewCount)}</span>}
              <span>{count(t.minutes, decree.body.readingTimeMinutes)}</span>
            </p>
            <Translations of={decree} />
          </div>
          <div className={styles.body}>
            <Withdrawn of={decree} />
            <Standing today={decree.status} then={decree.statusThen} on={on} path={decree.path} />
            <RichText of={decree.body} />
            <Relations of={decree} />
            <History of={decree} />
            <Tags of={decree} />
          </div>
        </article>
        {lastNews}
        <div className={styles.after}>
          {coverage && coverage.nodes.length > 0 && (
            <section aria-labelledby="coverage">
              <h2 id="coverage" className="section">
                {t.coverage}
              </h2>
              {coverage.nodes.map((item) => (
                <Teaser key={item.id} of={item} />
              ))}
            </section>
          )}
          {!!decree.related?.length && (
            <section aria-labelledby="related">
              <h2 id="related" className="section">
                {t.related}
              </h2>
              {decree.related.map((item) => (
                <Teaser key={item.id} of={item} />
              ))}
            </section>
          )}
        </div>
      </div>
    </>
  );
}

/** Whether the act is in force: today, and on a day the reader chooses. The day is part of the address. */
function Standing({
  today,
  then,
  on,
  path,
}: {
  today: LegalStatus;
  then: LegalStatus;
  on: string | undefined;
  path: string;
}) {
  const { t, day } = useLanguage();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const chosen = new FormData(event.currentTarget).get('on');
    const query = new URLSearchParams(location.search);
    if (chosen) query.set('on', String(chosen));
    else query.delete('on');
    navigate(query.size > 0 ? `${path}?${query}` : path);
  };
  return (
    <div className={own.standing}>
      <dl>
        <div>
          <dt>{t.statusToday}</dt>
          <dd>
            <Status is={today} />
          </dd>
        </div>
        {on && (
          <div>
            <dt>{fill(t.statusOn, { date: day(on) })}</dt>
            <dd>
              <Status is={then} />
            </dd>
          </div>
        )}
      </dl>
      <form action={path} method="get" onSubmit={submit}>
        <label htmlFor="on">{t.chooseDay}</label>
        <input id="on" name="on" type="date" defaultValue={on} key={on} />
        <button type="submit">{t.show}</button>
      </form>
    </div>
  );
}
