import { useLayoutEffect, useRef } from 'react';
import { graphql, readFragment, type FragmentType } from '../gql';
import { useLanguage } from '../language';
import styles from './RichText.module.css';

export const RichTextFragment = graphql(`
  fragment RichText on RichText {
    html
    outline {
      level
      id
      title
    }
  }
`);

/** Headings from which on a text gets a table of contents. */
const manyHeadings = 4;

/** The text of an article or decree. The service has sanitised its HTML: what could run is not in it. */
export function RichText({ of }: { of: FragmentType<typeof RichTextFragment> }) {
  const { t } = useLanguage();
  const { html, outline } = readFragment(RichTextFragment, of);
  return (
    <>
      {outline.length >= manyHeadings && (
        <nav className={styles.contents} aria-label={t.contents}>
          <ol>
            {outline.map(({ id, title, level }) => (
              <li key={id} data-level={level}>
                <a href={`#${id}`}>{title}</a>
              </li>
            ))}
          </ol>
        </nav>
      )}
      <Prose html={html} />
    </>
  );
}

function Prose({ html }: { html: string }) {
  const element = useRef<HTMLDivElement>(null);
  // What is wider than the text is scrolled, also by the keyboard.
  useLayoutEffect(() => {
    for (const wide of element.current?.querySelectorAll<HTMLElement>('table, pre') ?? []) {
      if (wide.scrollWidth > wide.clientWidth) wide.tabIndex = 0;
    }
  }, [html]);
  return <div ref={element} className={styles.prose} dangerouslySetInnerHTML={{ __html: html }} />;
}
