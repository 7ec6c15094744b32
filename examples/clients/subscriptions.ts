import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { OperationTypeNode } from 'graphql';
import { Client as UrqlClient, fetchExchange, subscriptionExchange } from '@urql/core';
import { createClient as createEvents } from 'graphql-sse';
import { createClient as createSocket, type Client, type ClientOptions } from 'graphql-ws';
import { defer, repeat, tap } from 'rxjs';
import { graphql } from './gql/gql.js';
import type { ChangedPublicationsSubscriptionVariables } from './gql/graphql.js';

export const ChangedPublications = graphql(`
  subscription ChangedPublications($locale: Locale, $after: ChangeCursor) {
    publicationChanged(locale: $locale, after: $after) {
      cursor
      mustReread
      change {
        action
        nodeId
      }
      publication {
        id
        title
      }
    }
  }
`);

/**
 * A client of graphql-ws or graphql-sse whose subscriptions go on after the last event that came, whenever it connects anew. An
 * operation that is to resume has a variable `$after`, and asks for `cursor`.
 */
export function resuming<Transport extends Pick<Client, 'subscribe'>>(transport: Transport): Transport {
  const subscribe: Client['subscribe'] = (request, sink) => {
    // Sent anew with each connection, as they are then.
    const variables = { ...request.variables };
    return transport.subscribe<Record<string, { cursor?: string } | null>>(
      { ...request, variables },
      {
        ...sink,
        next(result) {
          const [event] = Object.values(result.data ?? {});
          if (event?.cursor) variables.after = event.cursor;
          sink.next(result as never);
        },
      },
    );
  };
  return { ...transport, subscribe };
}

/** Over one WebSocket for all operations. `connectionParams` say who it is; Node.js before 22 is given `webSocketImpl`. */
export const makeSocket = (url = 'ws://127.0.0.1:8080/graphql', options: Partial<ClientOptions> = {}) =>
  resuming(createSocket({ url, retryAttempts: Infinity, shouldRetry: () => true, ...options }));

/** Over a request for each operation, as Server-Sent Events. `headers` say who it is. */
export const makeEvents = (url = 'http://127.0.0.1:8080/graphql', headers: Record<string, string> = {}) =>
  resuming(createEvents({ url, headers, retryAttempts: Infinity }) as Pick<Client, 'subscribe' | 'dispose'>);

/** urql, over either of them. */
export const makeUrql = (transport: Pick<Client, 'subscribe'>, url = 'http://127.0.0.1:8080/graphql') =>
  new UrqlClient({
    url,
    preferGetMethod: false,
    exchanges: [
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query = '', variables }) => ({
          subscribe: (sink) => ({ unsubscribe: transport.subscribe({ query, variables: variables as never }, sink as never) }),
        }),
      }),
    ],
  });

/** Apollo Client, whose HttpLink subscribes by itself, in parts of one HTTP answer. */
export const makeApollo = (uri = 'http://127.0.0.1:8080/graphql') =>
  new ApolloClient({ link: new HttpLink({ uri }), cache: new InMemoryCache() });

/** Apollo Client, with subscriptions over a WebSocket. */
export const makeApolloWithSocket = (socket: Client, uri = 'http://127.0.0.1:8080/graphql') =>
  new ApolloClient({
    link: ApolloLink.split(
      ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
      new GraphQLWsLink(socket),
      new HttpLink({ uri }),
    ),
    cache: new InMemoryCache(),
  });

/** Over HTTP, Apollo Client does not try again by itself: what it says is that the subscription is over. */
export function followWithApollo(client: ApolloClient, variables: ChangedPublicationsSubscriptionVariables) {
  const going = { ...variables };
  return defer(() => client.subscribe({ query: ChangedPublications, variables: { ...going } })).pipe(
    tap(({ data }) => {
      if (data) going.after = data.publicationChanged.cursor;
    }),
    repeat({ delay: 2_000 }),
  );
}
