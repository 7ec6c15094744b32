// Lists that go on: each further page is asked for when the reader gets near the end of the one before.
import { useEffect, useRef, useState, type ReactNode } from 'react';
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
 * `depth`-th from the start, and what comes after it. The button is a link, to the same list from there on.
 */
export function Continuation({
  end,
  depth = 1,
  children,
}: {
  end: FragmentType<typeof PageEndFragment>;
  depth?: number;
  children: (after: string, depth: number) => ReactNode;
}) {
  const { hasNextPage, endCursor } = readFragment(PageEndFragment, end);
  const [open, setOpen] = useState(() => furtherPages() >= depth);
  if (!hasNextPage || !endCursor) return null;
  if (open) return children(endCursor, depth);
  const show = () => {
    rememberFurtherPages(depth);
    setOpen(true);
  };
  return <ShowMore after={endCursor} byItself={depth % (byThemselves + 1) !== 0} onShow={show} />;
}

function ShowMore({ after, byItself, onShow }: { after: string; byItself: boolean; onShow: () => void }) {
  const { t } = useLanguage();
  const link = useRef<HTMLAnchorElement>(null);
  const latest = useRef(onShow);
  latest.current = onShow;

  useEffect(() => {
    if (!byItself || !link.current) return;
    const observer = new IntersectionObserver(
      ([entry]) => {
        // Nobody has come near the end of a page that they have not moved.
        if (entry?.isIntersecting && scrollY > 0) latest.current();
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
          onShow();
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
