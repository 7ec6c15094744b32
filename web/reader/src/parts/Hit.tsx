import { graphql, readFragment, type FragmentType } from '../gql';
import { fill, useLanguage } from '../language';
import { Day } from './Day';
import { Foreign, useLang } from './Foreign';
import styles from './Hit.module.css';
import teaser from './Teaser.module.css';

export const HitFragment = graphql(`
  fragment Hit on SearchEdge {
    highlightedTitle {
      html
    }
    fragments(first: 2) {
      html
      cutBefore
      cutAfter
    }
    node {
      __typename
      id
      locale
      path
      summary
      publishedAt
      category {
        id
        title
        path
      }
      withdrawal {
        at
      }
      ... on Article {
        kicker
      }
      ... on Decree {
        number
        documentType
      }
    }
  }
`);

/** What was found, with what fits in it. In its HTML, what was found is in `mark` elements, and all else is text. */
export function Hit({ of }: { of: FragmentType<typeof HitFragment> }) {
  const { highlightedTitle, fragments, node } = readFragment(HitFragment, of);
  const { t, day } = useLanguage();
  const lang = useLang();
  const above =
    node.__typename === 'Decree'
      ? `${t.documentTypes[node.documentType]} ${fill(t.number, { number: node.number })}`
      : (node.kicker ?? node.category.title);
  return (
    <article className={`${teaser.teaser} ${teaser.row}`} data-kind={node.__typename}>
      <p className={teaser.margin}>
        <Day of={node.publishedAt} />
      </p>
      <div>
        <p className={teaser.kicker} {...lang(node.locale)}>
          {above}
        </p>
        <h2 className={`${teaser.title} ${styles.marked}`} {...lang(node.locale)}>
          <a href={node.path} dangerouslySetInnerHTML={{ __html: highlightedTitle.html }} />
        </h2>
        {node.withdrawal && (
          <p className={styles.withdrawn}>{fill(t.withdrawnOn, { date: day(node.withdrawal.at) })}</p>
        )}
        {fragments?.map(({ html, cutBefore, cutAfter }, index) => (
          <p key={index} className={`${teaser.summary} ${styles.marked}`} {...lang(node.locale)}>
            {cutBefore && '… '}
            <span dangerouslySetInnerHTML={{ __html: html }} />
            {cutAfter && ' …'}
          </p>
        ))}
        {!fragments?.length && node.summary && (
          <p className={teaser.summary} {...lang(node.locale)}>
            {node.summary}
          </p>
        )}
        <Foreign locale={node.locale} />
      </div>
    </article>
  );
}
