// What happens on the site while a page is open: one stream of events, which browsers read, and take up again, by themselves.
import { graphql } from './gql';
import type { ChangesSubscription } from './gql/graphql';

const Changes = graphql(`
  subscription Changes($locale: Locale, $after: ChangeCursor) {
    publicationChanged(locale: $locale, after: $after) {
      cursor
      mustReread
      change {
        nodeId
      }
      publication {
        updatedAt
        withdrawal {
          at
        }
      }
    }
  }
`);

export type Happened = ChangesSubscription['publicationChanged'];

/** How long a reader stays before it is worth a connection, and how long until a stream that has failed is tried again. */
const staying = 3_000;
const again = { first: 5_000, most: 300_000 };

/**
 * Follows what is published for readers of a language, while the page is visible, from when it is at rest. Tells each change, and
 * `undefined` whenever there may have been some that it was not told of. Answers how to end it.
 */
export function follow(locale: string, tell: (happened: Happened | undefined) => void): () => void {
  let source: EventSource | undefined;
  let after: string | undefined;
  let wait = again.first;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;

  const close = () => {
    clearTimeout(timer);
    source?.close();
    source = undefined;
  };
  const later = () => {
    close();
    timer = setTimeout(open, wait);
    wait = Math.min(wait * 2, again.most);
  };
  const open = () => {
    close();
    if (document.hidden) return;
    const parameters = new URLSearchParams({
      // It is written for people, with spaces that an address has no need of.
      query: String(Changes).trim().replace(/\s+/g, ' '),
      variables: JSON.stringify({ locale, ...(after !== undefined && { after }) }),
    });
    const opened = new EventSource(`/graphql?${parameters}`);
    source = opened;
    opened.addEventListener('open', () => {
      // It begins now: what was before, since the page was made, is to be asked for.
      if (after === undefined) tell(undefined);
    });
    opened.addEventListener('next', ({ data }: MessageEvent<string>) => {
      const { data: told, errors } = JSON.parse(data) as { data?: ChangesSubscription; errors?: unknown[] };
      if (!told || errors) {
        // Perhaps there is no such place in the log any more.
        after = undefined;
        return;
      }
      wait = again.first;
      after = told.publicationChanged.cursor;
      tell(told.publicationChanged.mustReread ? undefined : told.publicationChanged);
    });
    opened.addEventListener('complete', later);
    opened.addEventListener('error', () => {
      // Otherwise the browser tries it again by itself.
      if (opened.readyState === EventSource.CLOSED) later();
    });
  };
  const seen = () => {
    wait = again.first;
    if (document.hidden) close();
    else open();
  };

  const begin = () => {
    if (isOver) return;
    timer = setTimeout(() => {
      document.addEventListener('visibilitychange', seen);
      open();
    }, staying);
  };
  // Safari has no idle callbacks.
  const loaded = () => (window.requestIdleCallback ?? setTimeout)(begin);
  if (document.readyState === 'complete') loaded();
  else addEventListener('load', loaded, { once: true });
  return () => {
    isOver = true;
    removeEventListener('load', loaded);
    document.removeEventListener('visibilitychange', seen);
    close();
  };
}
