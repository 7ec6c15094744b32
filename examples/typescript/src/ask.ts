// One request: an operation goes out, its data or an error comes back.
import type { TypedDocumentString } from './gql/graphql.js';

/** What the service says went wrong. `code` is one of those in docs/graphql.md. */
export class GraphQLErrors extends Error {
  constructor(readonly errors: { message: string; path?: (string | number)[]; extensions: { code: string } }[]) {
    super(errors.map(({ message, extensions }) => `${extensions.code}: ${message}`).join('; '));
  }
}

/**
 * Asks the service at `url`. Which variables there are, and what the data looks like, the operation knows.
 *
 * @throws GraphQLErrors if any part of the answer could not be given: what is in `data` then, this function drops.
 * @throws TypeError if the service cannot be reached.
 */
export async function ask<Result, Variables>(
  url: string,
  operation: TypedDocumentString<Result, Variables>,
  ...[variables]: Variables extends Record<string, never> ? [] : [Variables]
): Promise<Result> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
    body: JSON.stringify({ query: operation.toString(), variables }),
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.headers.get('content-type')?.includes('json')) {
    throw new Error(`no GraphQL service answers at ${url}: HTTP ${response.status}`);
  }
  const { data, errors } = (await response.json()) as { data: Result; errors?: GraphQLErrors['errors'] };
  if (errors) throw new GraphQLErrors(errors);
  return data;
}
