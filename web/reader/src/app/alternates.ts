import { graphql, readFragment } from '../gql';
import type { Content } from '../usePage';
import type { Page } from '../pages';

export const AlternatesFragment = graphql(`
  fragment Alternates on Publication {
    id
    locale
    path
    translations {
      id
      locale
      path
    }
  }
`);

export interface Alternate {
  locale: string;
  path: string;
}

/** Where the same page is in other languages, its own included. */
export function alternatesOf(
  page: Page,
  content: Content | undefined,
  locales: readonly { tag: string }[],
): Alternate[] {
  const route = content?.kind === 'route' ? content.data.route : undefined;
  switch (route?.__typename) {
    case 'Article':
    case 'Decree': {
      const { locale, path, translations } = readFragment(AlternatesFragment, route);
      return [{ locale, path }, ...translations];
    }
    case 'Redirect':
    case 'Gone':
      return [];
  }
  if (content?.kind === 'route' && !route) return [];
  // Categories, tags and feeds have one slug for all languages, and the other pages have none.
  const { locale } = page;
  if (locale === undefined) return [];
  // What is looked for in one language may be looked for in another.
  const query = new URLSearchParams(page.kind === 'search' ? page.query : '');
  query.delete('after');
  const end = page.path.slice(locale.length + 1) + (query.size > 0 ? `?${query}` : '');
  return locales.map(({ tag }) => ({ locale: tag, path: `/${tag}${end}` }));
}
