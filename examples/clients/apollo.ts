import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client';
import { relayStylePagination } from '@apollo/client/utilities';
import { graphql } from './gql/gql.js';
import fragments from './gql/possibleTypes.js';

export const makeClient = (uri = 'http://127.0.0.1:8080/graphql') =>
  new ApolloClient({
    link: new HttpLink({ uri }),
    cache: new InMemoryCache({
      possibleTypes: fragments.possibleTypes,
      typePolicies: {
        // A page that is fetched with `after` is put behind those that are there; other filters are other lists.
        Category: { fields: { articles: relayStylePagination(['filter', 'orderBy', 'includeDescendants']) } },
        Query: { fields: { decrees: relayStylePagination(['locale', 'filter', 'orderBy']) } },
      },
    }),
  });

export const ApolloCategory = graphql(`
  query ApolloCategory($path: String!, $after: String) {
    category(by: { path: $path }, locale: "en") {
      id
      title
      articles(first: 5, after: $after) {
        edges {
          cursor
          node {
            id
            title
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`);

/** The first two pages of a category, as a component would see them: one list that has grown. */
export async function twoPages(client: ApolloClient, path: string): Promise<string[]> {
  const list = client.watchQuery({ query: ApolloCategory, variables: { path } });
  const watching = list.subscribe({});
  const { data } = await client.query({ query: ApolloCategory, variables: { path } });
  await list.fetchMore({ variables: { after: data?.category?.articles?.pageInfo.endCursor ?? null } });
  watching.unsubscribe();
  const both = client.readQuery({ query: ApolloCategory, variables: { path } });
  return both?.category?.articles?.edges.map(({ node }) => node.title) ?? [];
}
