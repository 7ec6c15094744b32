// Subscriptions come as Server-Sent Events: by a request like any other, with the same headers, which a page cannot give a WebSocket.
import type { FetcherOpts, FetcherParams, Observable } from '@graphiql/toolkit';
import { getOperationAST, parse } from 'graphql';
import { createClient, NetworkError, type Sink } from 'graphql-sse';
import { fetchAsViewer } from './session';

/** Whether the operation that is meant is a subscription. */
export function isSubscription({ query, operationName }: FetcherParams): boolean {
  try {
    // Not the parsed document that GraphiQL gives along: that may be of a moment ago.
    return getOperationAST(parse(query), operationName)?.operation === 'subscription';
  } catch {
    return false; // what is wrong with it, the server says better
  }
}

/** Its events, until it ends or whoever has subscribed does. */
export function subscribe(
  { query, variables, operationName }: FetcherParams,
  { headers = {} }: FetcherOpts = {},
): Observable<unknown> {
  const request = {
    query,
    ...(operationName && { operationName }),
    variables: variables as Record<string, unknown> | undefined,
  };
  return {
    // GraphiQL gives it a sink, of the forms that the type allows.
    subscribe(sink: Sink<unknown>) {
      // Where the server goes away, that is shown. To go on behind the reader's back would hide that events may be missing.
      const client = createClient({ url: '/graphql', fetchFn: fetchAsViewer, headers, retryAttempts: 0 });
      const end = client.subscribe<Record<string, unknown>, unknown>(request, {
        next: (result) => sink.next(result),
        error: (error) => void explained(error).then((known) => sink.error(known)),
        complete: () => sink.complete(),
      });
      return { unsubscribe: end };
    },
  } as Observable<unknown>;
}

/** What the server has said, if it has refused the request, or else that it is gone. */
async function explained(error: unknown): Promise<unknown> {
  if (!(error instanceof NetworkError)) return error;
  const { response } = error as NetworkError<Response>;
  const answer = (await response?.json?.().catch(() => undefined)) as { errors?: unknown } | undefined;
  return answer?.errors ?? new Error('The connection to the server has ended. Run the subscription again.');
}
