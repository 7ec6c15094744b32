import { useEffect } from 'react';
import type { View } from '../usePage';
import { useLanguage } from '../language';
import { unmarked } from '../standing-in/marks';
import { useSite } from './site';

/** What feeds are written as: the end of their address, and its media type. */
const feeds = [
  ['rss', 'application/rss+xml'],
  ['atom', 'application/atom+xml'],
  ['json', 'application/feed+json'],
] as const;

/** What stands in the document's head of a page. The server writes the same, and more, for those who run no script. */
export function Head({
  title: shown,
  description: said,
  canonical,
  alternates = [],
  noindex = false,
  followed,
}: {
  title: string;
  description?: string | null;
  canonical?: string;
  alternates?: readonly { locale: string; path: string }[];
  noindex?: boolean;
  /** The path of what the page lists, if that can be followed. */
  followed?: string;
}) {
  const { name, defaultLocale } = useSite();
  const { locale } = useLanguage();
  const title = unmarked(shown);
  const description = said && unmarked(said);
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
      {name && (
        <link
          rel="search"
          type="application/opensearchdescription+xml"
          title={name}
          href={absolute(`/${locale}/opensearch.xml`)}
        />
      )}
      {!noindex &&
        [...(followed ? [{ path: followed, of: `${title} · ${name}` }] : []), { path: `/${locale}/feed`, of: name }].flatMap(
          ({ path, of }) =>
            feeds.map(([end, type]) => (
              <link key={path + end} rel="alternate" type={type} title={of} href={absolute(`${path}.${end}`)} />
            )),
        )}
      {standard && <link rel="alternate" hrefLang="x-default" href={absolute(standard.path)} />}
    </>
  );
}

const written = [
  'title',
  'meta[name=description]',
  'meta[name=robots]',
  'link[rel=canonical]',
  'link[rel=search]',
  'link[rel=alternate][hreflang]',
  'link[rel=alternate][type]',
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
