import { useQuery } from 'urql';
import { Head } from '../app/Head';
import { request } from '../client';
import { graphql, readFragment, type FragmentType } from '../gql';
import { SearchOrder } from '../gql/graphql';
import { fill, useLanguage } from '../language';
import { MoreHitsQuery } from '../operations';
import { searchOrders, type Page, type VariablesOf } from '../pages';
import { Awaiting, Continuation, useFocusOnFirst } from '../parts/Continuation';
import { Facets, narrowedBy, withValue } from '../parts/Facets';
import { Hit } from '../parts/Hit';
import { ListHeader } from '../parts/ListHeader';
import styles from './SearchPage.module.css';

export const HitsFragment = graphql(`
  fragment Hits on Query {
    hits: search(
      query: $query
      locale: $locale
      first: 20
      after: $after
      orderBy: $order
      filter: {
        kinds: $kinds
        categories: $categories
        tags: $tags
        years: $years
        signatories: $signatories
        languages: $languages
      }
    ) {
      edges {
        cursor
        node {
          id
        }
        ...Hit
      }
      pageInfo {
        ...PageEnd
      }
    }
  }
`);

export const SearchPageFragment = graphql(`
  fragment SearchPage on Query {
    ...Hits
    hits: search(
      query: $query
      locale: $locale
      first: 20
      after: $after
      orderBy: $order
      filter: {
        kinds: $kinds
        categories: $categories
        tags: $tags
        years: $years
        signatories: $signatories
        languages: $languages
      }
    ) {
      totalCount
      didYouMean
      facets {
        ...Facets
      }
    }
  }
`);

type Filter = VariablesOf<'search'>;

export function SearchPage({ of, page }: { of: FragmentType<typeof SearchPageFragment>; page: Page }) {
  const found = readFragment(SearchPageFragment, of);
  const filter = page.variables as Filter;
  const { t, count } = useLanguage();
  const { query } = filter;
  if (!found.hits) return <p>{t.nothingHere}</p>;
  const { totalCount, didYouMean, facets } = found.hits;
  const title = query ? fill(t.searchFor, { query }) : t.searchTitle;
  return (
    <>
      <Head
        title={filter.after ? fill(t.continued, { title }) : title}
        description={query ? fill(t.searchForAbout, { query }) : t.searchAbout}
        noindex
      />
      <ListHeader
        title={t.searchTitle}
        path={withValue(page, 'after', '')}
        startsFurtherDown={!!filter.after}
      />
      <Facets key={JSON.stringify(narrowedBy(filter))} of={facets} page={page}>
        <div>
          <p className={styles.total} role="status">
            {query && `${fill(t.quoted, { text: query })} · `}
            {count(t.hitsFound, totalCount)}
          </p>
          {didYouMean && (
            <p className={styles.meant}>
              {t.didYouMean} <a href={withValue(page, 'q', didYouMean)}>{didYouMean}</a>
            </p>
          )}
          {totalCount > 1 && <Orders page={page} chosen={filter.order ?? SearchOrder.Relevance} />}
          {totalCount === 0 ? <Nothing /> : <Hits key={JSON.stringify(filter)} of={found} filter={filter} depth={1} />}
        </div>
      </Facets>
    </>
  );
}

function Orders({ page, chosen }: { page: Page; chosen: SearchOrder }) {
  const { t } = useLanguage();
  return (
    <nav className={styles.orders} aria-label={t.order}>
      <ul>
        {searchOrders.map((order) => (
          <li key={order}>
            {order === chosen ? (
              <span aria-current="true">{t.searchOrders[order]}</span>
            ) : (
              <a href={withValue(page, 'order', order === SearchOrder.Relevance ? '' : order)} rel="nofollow">
                {t.searchOrders[order]}
              </a>
            )}
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Nothing() {
  const { t } = useLanguage();
  return (
    <div className={styles.nothing}>
      <p>{t.nothingFound}</p>
      <ul>
        {t.searchHints.map((hint) => (
          <li key={hint}>{hint}</li>
        ))}
      </ul>
    </div>
  );
}

function Hits({
  of,
  filter,
  depth,
  takesFocus = false,
}: {
  of: FragmentType<typeof HitsFragment>;
  filter: Filter;
  depth: number;
  takesFocus?: boolean;
}) {
  const { hits } = readFragment(HitsFragment, of);
  const items = useFocusOnFirst<HTMLDivElement>(takesFocus);
  if (!hits) return null;
  const { edges, pageInfo } = hits;
  return (
    <>
      <div ref={items}>
        {edges.map((edge) => (
          <Hit key={edge.node.id} of={edge} />
        ))}
      </div>
      <Continuation end={pageInfo} depth={depth}>
        {(after, depth, takesFocus) => <FurtherHits filter={{ ...filter, after }} {...{ depth, takesFocus }} />}
      </Continuation>
    </>
  );
}

function FurtherHits({ filter, depth, takesFocus }: { filter: Filter; depth: number; takesFocus: boolean }) {
  const { query, variables } = request(MoreHitsQuery, filter);
  const [{ data, error }, ask] = useQuery({ query, variables });
  if (!data) return <Awaiting failed={error !== undefined} onRetry={() => ask({ requestPolicy: 'network-only' })} />;
  return <Hits of={data} filter={filter} depth={depth + 1} takesFocus={takesFocus} />;
}
