// The GraphQL client: one request a page, and a normalised cache of what came.
import { Client, createRequest, fetchExchange, ssrExchange, type AnyVariables } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { keyless, possibleTypes } from './gql/cacheRules';
import type { TypedDocumentString } from './gql/graphql';

/** After that long without an answer a request has failed. */
const patience = 30_000;

/** What the server has put into the page: the answer to the operation that the page would ask. */
interface Inlined {
  operation: string;
  variables: Record<string, unknown>;
  result: { data?: unknown };
}

/** A request as the client takes it, from an operation's text. */
export function request<Result, Variables extends AnyVariables>(
  operation: TypedDocumentString<Result, Variables>,
  variables: Variables,
) {
  return createRequest<Result, Variables>(String(operation), variables);
}

export function makeClient(operations: TypedDocumentString<unknown, never>[]): Client {
  // Answers, once, what the server has answered already; the cache takes it as if it came over the network.
  const inlined = ssrExchange({ isClient: true });
  const sent = readInlined();
  const operation = operations.find((text) => String(text).includes(`query ${sent?.operation}(`));
  if (sent?.result.data && operation) {
    const { key } = createRequest(String(operation), sent.variables);
    inlined.restoreData({ [key]: { data: JSON.stringify(sent.result.data) } });
  }
  return new Client({
    url: '/graphql',
    preferGetMethod: false,
    exchanges: [
      cacheExchange({
        possibleTypes,
        keys: Object.fromEntries(keyless.map((type) => [type, () => null])),
        // When it writes, it tries fragments on other types, too, and complains that their fields are not there.
        logger: (severity, message) => {
          if (severity !== 'debug' && !message.startsWith('Invalid undefined')) console[severity](message);
        },
      }),
      inlined,
      fetchExchange,
    ],
    fetch: (input, init) => {
      const signals = [AbortSignal.timeout(patience), ...(init?.signal ? [init.signal] : [])];
      return fetch(input, { ...init, signal: AbortSignal.any(signals) });
    },
  });
}

function readInlined(): Inlined | undefined {
  // A script element, and an attribute of ours: nothing that a text can make.
  const text = document.querySelector('script[data-courant-data]')?.textContent;
  return text ? (JSON.parse(text) as Inlined) : undefined;
}
