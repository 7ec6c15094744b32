import { Client, fetchExchange } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { relayPagination } from '@urql/exchange-graphcache/extras';
import { graphql } from './gql/gql.js';
import fragments from './gql/possibleTypes.js';

// Objects that have no id are parts of what holds them.
const part = () => null;

export const makeClient = (url = 'http://127.0.0.1:8080/graphql') =>
  new Client({
    url,
    preferGetMethod: false,
    exchanges: [
      cacheExchange({
        possibleTypes: fragments.possibleTypes,
        keys: { ArticleConnection: part, ArticleEdge: part, PageInfo: part, RichText: part, Crumb: part, Site: part },
        resolvers: { Category: { articles: relayPagination() } },
      }),
      fetchExchange,
    ],
  });

export const UrqlCategory = graphql(`
  query UrqlCategory($path: String!, $after: String) {
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

/** The first two pages of a category; then the list that the cache has made of them. */
export async function twoPages(client: Client, path: string): Promise<string[]> {
  const first = await client.query(UrqlCategory, { path });
  const after = first.data?.category?.articles?.pageInfo.endCursor ?? null;
  await client.query(UrqlCategory, { path, after });
  const both = await client.query(UrqlCategory, { path }, { requestPolicy: 'cache-only' });
  return both.data?.category?.articles?.edges.map(({ node }) => node.title) ?? [];
}
