import { useEffect } from 'react';
import type { View } from '../usePage';
import { useSite } from './site';

/** What stands in the document's head of a page. The server writes the same, and more, for those who run no script. */
export function Head({
  title,
  description,
  canonical,
  alternates = [],
  noindex = false,
}: {
  title: string;
  description?: string | null;
  canonical?: string;
  alternates?: readonly { locale: string; path: string }[];
  noindex?: boolean;
}) {
  const { name, defaultLocale } = useSite();
  const standard = alternates.find(({ locale }) => locale === defaultLocale) ?? alternates[0];
  const absolute = (path: string) => new URL(path, location.origin).href;
  return (
    <>
      <title>{name && title !== name ? `${title} · ${name}` : title}</title>
      {description && <meta name="description" content={description} />}
      {noindex && <meta name="robots" content="noindex" />}
      {canonical && <link rel="canonical" href={absolute(canonical)} />}
      {alternates.map(({ locale, path }) => (
        <link key={locale} rel="alternate" hrefLang={locale} href={absolute(path)} />
      ))}
      {standard && <link rel="alternate" hrefLang="x-default" href={absolute(standard.path)} />}
    </>
  );
}

const written = [
  'title',
  'meta[name=description]',
  'meta[name=robots]',
  'link[rel=canonical]',
  'link[rel=alternate][hreflang]',
].map((element) => `${element}[data-courant]`);

/**
 * Takes away what the server has written into the head: what `Head` writes, too, once that stands there; and all else,
 * which is about the first page only, with the first other page.
 */
export function useOwnHead({ place, content }: View) {
  const first = place.by === 'load';
  const shown = content !== undefined;
  useEffect(() => {
    const gone = first ? (shown ? written.join() : undefined) : '[data-courant]';
    if (gone) for (const element of document.head.querySelectorAll(gone)) element.remove();
  }, [first, shown]);
}
