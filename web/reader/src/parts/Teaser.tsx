import { graphql, readFragment, type FragmentType } from '../gql';
import { fill, useLanguage } from '../language';
import { Day } from './Day';
import { Foreign, useLang } from './Foreign';
import styles from './Teaser.module.css';

export const TeaserFragment = graphql(`
  fragment Teaser on Publication {
    __typename
    id
    locale
    path
    title
    summary
    publishedAt
    category {
      id
      title
      path
    }
    ... on Article {
      kicker
    }
    ... on Decree {
      number
      documentType
    }
  }
`);

/**
 * An article or decree, to be opened: as the page's lead, as a row of a list with its date in the margin, as a card in
 * columns, or as its headline alone.
 */
export function Teaser({
  of,
  as = 'row',
  heading: Heading = 'h3',
}: {
  of: FragmentType<typeof TeaserFragment>;
  as?: 'lead' | 'row' | 'card' | 'line';
  heading?: 'h2' | 'h3';
}) {
  const item = readFragment(TeaserFragment, of);
  const { t } = useLanguage();
  const lang = useLang();
  const above =
    item.__typename === 'Decree'
      ? `${t.documentTypes[item.documentType]} ${fill(t.number, { number: item.number })}`
      : (item.kicker ?? (as === 'row' ? undefined : item.category.title));
  return (
    <article className={`${styles.teaser} ${styles[as]}`} data-kind={item.__typename}>
      <p className={styles.margin}>
        <Day of={item.publishedAt} short={as === 'line' || as === 'card'} />
      </p>
      <div>
        {above && as !== 'line' && (
          <p className={styles.kicker} {...lang(item.locale)}>
            {above}
          </p>
        )}
        <Heading className={styles.title} {...lang(item.locale)}>
          <a href={item.path}>{item.title}</a>
        </Heading>
        {item.summary && as !== 'line' && (
          <p className={styles.summary} {...lang(item.locale)}>
            {item.summary}
          </p>
        )}
        <Foreign locale={item.locale} />
      </div>
    </article>
  );
}
