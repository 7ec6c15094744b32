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
  const { name } = useSite();
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
    </>
  );
}
