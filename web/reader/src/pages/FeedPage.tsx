import { Head } from '../app/Head';
import type { Alternate } from '../app/alternates';
import { graphql, readFragment, type FragmentType } from '../gql';
import { fill, useLanguage } from '../language';
import { ListHeader } from '../parts/ListHeader';
import { PublicationList } from '../parts/PublicationList';
import { Total } from '../parts/Total';
import styles from './ListPage.module.css';

export const FeedPageFragment = graphql(`
  fragment FeedPage on Feed {
    id
    path
    title
    description
    feedOrder: order
    items(first: 20, after: $after) {
      totalCount
      totalCountIsEstimate
      ...PublicationList
    }
  }
`);

export function FeedPage({
  of,
  after,
  alternates,
}: {
  of: FragmentType<typeof FeedPageFragment>;
  after: string | undefined;
  alternates: Alternate[];
}) {
  const { id, path, title, description, feedOrder, items } = readFragment(FeedPageFragment, of);
  const { t } = useLanguage();
  const called = `${t.feed}: ${title}`;
  return (
    <>
      <Head
        title={after ? fill(t.continued, { title: called }) : called}
        description={[fill(t.feedAbout, { title }), description].filter(Boolean).join(' ')}
        canonical={path}
        alternates={alternates}
        noindex={!!after}
        followed={path}
      />
      <div className={styles.grid} data-alone>
        <div>
          <ListHeader
            above={t.feed}
            title={title}
            description={description}
            path={path}
            startsFurtherDown={after !== undefined}
            isFollowed
          >
            {items && <Total of={items.totalCount} atLeast={items.totalCountIsEstimate} text={t.publicationsIn} />}
            {' · '}
            {t.feedOrders[feedOrder]}
          </ListHeader>
          {items && <PublicationList key={after} id={id} page={items} />}
        </div>
      </div>
    </>
  );
}
