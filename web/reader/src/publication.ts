import type { View } from './usePage';

/** The publication that a page shows as it is; previews and former days are not. */
export function publicationOf({ page, content }: View) {
  if (content?.kind !== 'route' || page.variables.preview !== undefined) return undefined;
  const { route } = content.data;
  return route?.__typename === 'Article' || route?.__typename === 'Decree' ? route : undefined;
}
