// What to show at a place: the page before it until the new one is there, so that nothing flickers.
import type { Client, CombinedError, OperationResult } from '@urql/core';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useClient } from 'urql';
import { request } from './client';
import type { TypedDocumentString } from './gql/graphql';
import type { Place } from './navigation';
import { pageAt, pages, type DataOf, type Page, type PageKind } from './pages';

/** What a page was answered with. */
export type Content = { [Kind in PageKind]: { kind: Kind; data: DataOf<Kind> } }[PageKind];

export interface View {
  place: Place;
  page: Page;
  /** Nothing at all, before the first answer and when there is none. */
  content?: Content;
  /** Why there is no answer, or none that is newer than what is shown. */
  error?: CombinedError;
}

export function usePage(place: Place): { view: View; pending: boolean; retry: () => void } {
  const client = useClient();
  const [attempt, setAttempt] = useState(0);
  const page = useMemo(() => pageAt(place.pathname, place.search), [place.pathname, place.search]);
  // What the server sent along with the page is there at once.
  const [view, setView] = useState<View>(() => ({ place, page, ...answered(page, first(page) ?? readNow(client, page)) }));
  const retry = useCallback(() => setAttempt((before) => before + 1), []);

  useEffect(() => {
    if (attempt === 0 && place.by === 'load' && view.page === page && view.content) return;
    // What is in the cache is shown at once; what the server has now, when it comes.
    const { unsubscribe } = client
      .executeQuery(asked(page), { requestPolicy: 'cache-and-network' })
      .subscribe((result) => {
        if (result.stale && !result.data) return;
        setView((before) => {
          const next = answered(page, result);
          const kept = before.page === page && !next.content ? before.content : undefined;
          return { place, page, ...(kept && { content: kept }), ...next };
        });
      });
    return unsubscribe;
    // Another entry of the history may be the same page, opened again: then it is asked for again.
  }, [client, page, place.entry, attempt]);

  // With the network back, what failed is tried again.
  const failed = view.error !== undefined;
  useEffect(() => {
    if (!failed) return;
    addEventListener('online', retry);
    return () => removeEventListener('online', retry);
  }, [failed, retry]);

  return { view, pending: view.page !== page || (!view.content && !view.error), retry };
}

/** Resolves once a page has an answer, or none is to be had. */
export async function settled(client: Client, page: Page) {
  if (readNow(client, page)) return;
  const result = await client.executeQuery(asked(page)).toPromise();
  // The cache keeps what there is of an answer, and not what was wrong with it.
  if (result.error) firstFailure = { page: named(page), result };
}

let firstFailure: { page: string; result: OperationResult } | undefined;

const named = ({ kind, variables }: Page) => JSON.stringify([kind, variables]);

function first(page: Page) {
  return firstFailure?.page === named(page) ? firstFailure.result : undefined;
}

function asked(page: Page) {
  // Which variables an operation has and which the address gives is checked in pages.ts.
  return request(pages[page.kind].operation as TypedDocumentString<unknown, Record<string, unknown>>, page.variables);
}

function readNow(client: Client, page: Page) {
  const { query, variables } = asked(page);
  return client.readQuery(query, variables, { requestPolicy: 'cache-first' });
}

function answered(page: Page, result: OperationResult | null): Pick<View, 'content' | 'error'> {
  if (!result) return {};
  const { data, error } = result;
  // That the service could not say what is here does not mean that nothing is.
  const unknown = error?.graphQLErrors.some(({ path }) => path?.length === 1 || path?.[0] === 'route');
  return {
    ...(data && !unknown && { content: { kind: page.kind, data } as Content }),
    ...(error && { error }),
  };
}
