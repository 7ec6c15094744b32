// Lists that go on: each further page is asked for when the reader gets near the end of the one before.
import { useEffect, useEffectEvent, useRef, useState, type ReactNode } from 'react';
import { graphql, readFragment, type FragmentType } from '../gql';
import { useLanguage } from '../language';
import { furtherPages, rememberFurtherPages } from '../navigation';
import styles from './Continuation.module.css';

export const PageEndFragment = graphql(`
  fragment PageEnd on PageInfo {
    hasNextPage
    endCursor
  }
`);

/** So many pages come by themselves before the reader is asked, so that the end of the page can be reached. */
const byThemselves = 4;

/**
 * What comes after a page of a list: nothing, a button, or the next page. `children` shows the page after a cursor, the
 * `depth`-th from the start, and what comes after it; where the reader has asked for it, it takes the focus that was on
 * the button. The button is a link, to the same list from there on.
 */
export function Continuation({
  end,
  depth = 1,
  children,
}: {
  end: FragmentType<typeof PageEndFragment>;
  depth?: number;
  children: (after: string, depth: number, takesFocus: boolean) => ReactNode;
}) {
  const { hasNextPage, endCursor } = readFragment(PageEndFragment, end);
  const [open, setOpen] = useState<false | 'by itself' | 'asked for'>(() => furtherPages() >= depth && 'by itself');
  if (!hasNextPage || !endCursor) return null;
  if (open) return children(endCursor, depth, open === 'asked for');
  const show = (by: 'by itself' | 'asked for') => {
    rememberFurtherPages(depth);
    setOpen(by);
  };
  return <ShowMore after={endCursor} byItself={depth % (byThemselves + 1) !== 0} onShow={show} />;
}

function ShowMore({
  after,
  byItself,
  onShow,
}: {
  after: string;
  byItself: boolean;
  onShow: (by: 'by itself' | 'asked for') => void;
}) {
  const { t } = useLanguage();
  const link = useRef<HTMLAnchorElement>(null);
  const showByItself = useEffectEvent(() => onShow('by itself'));

  useEffect(() => {
    if (!byItself || !link.current) return;
    const observer = new IntersectionObserver(
      ([entry]) => {
        // Nobody has come near the end of a page that they have not moved; and the focus is not pulled away.
        const focused = document.activeElement === link.current;
        if (entry?.isIntersecting && scrollY > 0 && !focused) showByItself();
      },
      { rootMargin: '0px 0px 600px' },
    );
    observer.observe(link.current);
    return () => observer.disconnect();
  }, [byItself]);

  const query = new URLSearchParams(location.search);
  query.set('after', after);
  return (
    <p className={styles.more}>
      <a
        ref={link}
        className="button"
        href={`${location.pathname}?${query}`}
        rel="next"
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
          event.preventDefault();
          onShow('asked for');
        }}
      >
        {t.showMore}
      </a>
    </p>
  );
}

/** Stands where the next page will be, or says why it is not there. */
export function Awaiting({ failed, onRetry }: { failed: boolean; onRetry: () => void }) {
  const { t } = useLanguage();
  return (
    <div className={styles.more} role="status">
      {failed ? (
        <>
          <p>{t.failureNetwork}</p>
          <button className="button" type="button" onClick={onRetry}>
            {t.retry}
          </button>
        </>
      ) : (
        <p>{t.loadingMore}</p>
      )}
    </div>
  );
}

/** Takes the focus to the first link in an element, if so wanted when it appears. */
export function useFocusOnFirst<Of extends HTMLElement>(wanted: boolean) {
  const element = useRef<Of>(null);
  useEffect(() => {
    if (wanted) element.current?.querySelector('a')?.focus({ preventScroll: true });
  }, [wanted]);
  return element;
}
