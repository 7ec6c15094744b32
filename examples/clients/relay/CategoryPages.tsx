import { Suspense } from 'react';
import { graphql, useLazyLoadQuery, usePaginationFragment } from 'react-relay';
import type { CategoryPagesQuery } from './__generated__/CategoryPagesQuery.graphql';
import type { CategoryPages_category$key } from './__generated__/CategoryPages_category.graphql';

/** A category's articles, five at a time. */
export function CategoryPages({ path, locale }: { path: string; locale: string }) {
  return (
    <Suspense fallback={<p>Loading…</p>}>
      <Category path={path} locale={locale} />
    </Suspense>
  );
}

function Category(variables: { path: string; locale: string }) {
  const { category } = useLazyLoadQuery<CategoryPagesQuery>(
    graphql`
      query CategoryPagesQuery($path: String!, $locale: Locale!) {
        category(by: { path: $path }, locale: $locale) {
          title
          ...CategoryPages_category
        }
      }
    `,
    variables,
  );
  if (!category) return <p>There is no such category.</p>;
  return (
    <>
      <h1>{category.title}</h1>
      <Articles category={category} />
    </>
  );
}

function Articles({ category }: { category: CategoryPages_category$key }) {
  // Category is a Node: Relay asks for further pages by its id.
  const { data, hasNext, loadNext, isLoadingNext } = usePaginationFragment(
    graphql`
      fragment CategoryPages_category on Category
      @argumentDefinitions(first: { type: "Int", defaultValue: 5 }, after: { type: "String" })
      @refetchable(queryName: "CategoryPagesMoreQuery") {
        articles(first: $first, after: $after) @connection(key: "CategoryPages_articles") {
          edges {
            node {
              id
              title
              path
            }
          }
        }
      }
    `,
    category,
  );
  return (
    <>
      <ul>
        {data.articles?.edges.map(({ node: { id, title, path } }) => (
          <li key={id}>
            <a href={path}>{title}</a>
          </li>
        ))}
      </ul>
      {hasNext && (
        <button type="button" disabled={isLoadingNext} onClick={() => loadNext(5)}>
          Show more
        </button>
      )}
    </>
  );
}
