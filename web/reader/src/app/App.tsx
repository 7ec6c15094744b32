import { useEffect, useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import { readFragment, type FragmentType } from '../gql';
import { chooseLocale, LanguageProvider, preferredLocale } from '../language';
import { navigate, scrollOf, targetOf, usePlace, type Place } from '../navigation';
import { localeOf, type VariablesOf } from '../pages';
import { ArticlePage } from '../pages/ArticlePage';
import { CategoryPage } from '../pages/CategoryPage';
import { DecreePage } from '../pages/DecreePage';
import { FeedPage } from '../pages/FeedPage';
import { FeedsPage } from '../pages/FeedsPage';
import { FrontPage } from '../pages/FrontPage';
import { FailurePage, GonePage, MovingPage, NotFoundPage, UnreadyPage } from '../pages/Message';
import { PersonPage } from '../pages/PersonPage';
import { RegisterPage } from '../pages/RegisterPage';
import { SearchPage } from '../pages/SearchPage';
import { TagPage } from '../pages/TagPage';
import { LastNews } from '../parts/LastNews';
import { MostRead } from '../parts/MostRead';
import { useRead } from '../reads';
import { useLive, type Live } from '../useLive';
import { usePage, type View } from '../usePage';
import { alternatesOf, type Alternate } from './alternates';
import { Boundary } from './Boundary';
import { Frame } from './Frame';
import { useOwnHead } from './Head';
import { directionIn, FrameFragment, SiteProvider } from './site';
import { WhatChanged } from './WhatChanged';

export function App() {
  const place = usePlace();
  const { view, pending, retry } = usePage(place);
  const { page, content } = view;
  const frame = useLatest(content?.data);
  const locale = hasError(view, ['UNKNOWN_LOCALE']) ? preferredLocale() : chooseLocale(page.locale);
  const site = readFragment(FrameFragment, frame)?.site;
  const locales = site?.locales ?? [];
  const alternates = alternatesOf(page, content, locales);
  const { change, news } = useLive(view, locale);
  useRead(view);
  useRedirect(view);
  useArrival(view);
  useOwnHead(view);

  const dir = directionIn(locales, locale) ?? (document.documentElement.dir === 'rtl' ? 'rtl' : 'ltr');
  useLayoutEffect(() => {
    document.documentElement.lang = locale;
    document.documentElement.dir = dir;
  }, [locale, dir]);

  return (
    <LanguageProvider locale={locale} dir={dir} timeZone={site?.timeZone}>
      <SiteProvider frame={frame}>
        <Frame view={view} pending={pending} alternates={alternates} onRetry={retry}>
          <Boundary key={view.page.path}>
            <Shown view={view} news={news} alternates={alternates} onRetry={retry} />
          </Boundary>
        </Frame>
        <WhatChanged change={change} onShow={retry} />
      </SiteProvider>
    </LanguageProvider>
  );
}

function Shown({
  view,
  news,
  alternates,
  onRetry,
}: {
  view: View;
  news: Live['news'];
  alternates: Alternate[];
  onRetry: () => void;
}): ReactNode {
  const { page, content, error } = view;
  if (hasError(view, meaningless)) return <NotFoundPage />;
  if (hasError(view, ['SEARCH_REBUILDING'])) return <UnreadyPage onRetry={onRetry} />;
  if (!content) return error && <FailurePage error={error} onRetry={onRetry} />;
  const here = { path: page.path, alternates };
  switch (content.kind) {
    case 'front':
      return (
        <FrontPage
          of={content.data}
          lastNews={<LastNews of={news ?? content.data} />}
          mostRead={<MostRead of={content.data} />}
          {...here}
        />
      );
    case 'register':
      return <RegisterPage of={content.data} filter={page.variables as VariablesOf<'register'>} {...here} />;
    case 'feeds':
      return <FeedsPage of={content.data} lastNews={<LastNews of={news ?? content.data} />} {...here} />;
    case 'search':
      return <SearchPage of={content.data} page={page} />;
    case 'route': {
      const { route } = content.data;
      const { on, after, preview } = page.variables as VariablesOf<'route'>;
      const isPreview = preview !== undefined;
      const lastNews = <LastNews of={news ?? content.data} />;
      switch (route?.__typename) {
        case 'Article':
          return <ArticlePage of={route} isPreview={isPreview} lastNews={lastNews} alternates={alternates} />;
        case 'Decree':
          return (
            <DecreePage
              of={route}
              isPreview={isPreview}
              on={on ?? undefined}
              lastNews={lastNews}
              alternates={alternates}
            />
          );
        case 'Category':
          return <CategoryPage of={route} after={after ?? undefined} lastNews={lastNews} alternates={alternates} />;
        case 'Tag':
          return <TagPage of={route} after={after ?? undefined} lastNews={lastNews} alternates={alternates} />;
        case 'Person':
          return <PersonPage of={route} after={after ?? undefined} lastNews={lastNews} alternates={alternates} />;
        case 'Feed':
          return <FeedPage of={route} after={after ?? undefined} alternates={alternates} />;
        case 'Redirect':
          return <MovingPage />;
        case 'Gone':
          return <GonePage />;
        default:
          return <NotFoundPage />;
      }
    }
  }
}

/** The codes of an address that means nothing: in a language the site has not, or with a cursor of no list. */
const meaningless = ['UNKNOWN_LOCALE', 'BAD_CURSOR', 'BAD_USER_INPUT'];

function hasError({ error }: View, codes: readonly string[]): boolean {
  return error?.graphQLErrors.some(({ extensions }) => codes.includes(String(extensions.code))) ?? false;
}

/** The frame stays when a page has none, as it failed. */
function useLatest(frame: FragmentType<typeof FrameFragment> | undefined) {
  const [latest, setLatest] = useState(frame);
  if (frame && frame !== latest) setLatest(frame);
  return frame ?? latest;
}

/**
 * `/` leads to the reader's language, unless its query says which page of an old site it is, and a redirect to where it leads; neither
 * stays in the history.
 */
function useRedirect({ page, content }: View) {
  const route = content?.kind === 'route' ? content.data.route : undefined;
  const led = route?.__typename === 'Redirect' ? route.target : undefined;
  const isRoot =
    page.path === '/' && (led === undefined ? String(page.query) === '' : localeOf(led) === led.slice(1));
  const target = isRoot ? `/${preferredLocale()}` : led;
  useEffect(() => {
    if (target === undefined) return;
    if (target.startsWith('/')) navigate(target, { replace: true });
    else location.replace(target);
  }, [target]);
}

/** A new page begins at its top, with its heading read out; one that is gone back to is where the reader left it. */
function useArrival({ place }: View) {
  const before = useRef<Place>(undefined);
  useLayoutEffect(() => {
    if (before.current === place) return;
    if (!before.current) {
      before.current = place;
      if (scrollOf(place.entry) > 0) scrollTo(0, scrollOf(place.entry));
      else targetOf(place)?.scrollIntoView();
      return;
    }
    const { pathname, search } = before.current;
    before.current = place;
    const heading = document.querySelector<HTMLElement>('main h1');
    const focusHeading = () => {
      if (!heading) return;
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
    };
    const further = [search, place.search].some((query) => new URLSearchParams(query).has('after'));
    if (place.by === 'link' && pathname === place.pathname && search !== place.search && !further) {
      // The same page with another filter: the reader stays where they are, unless what had the focus is gone.
      if (document.activeElement === document.body) focusHeading();
      return;
    }
    const target = targetOf(place);
    if (place.by === 'history') scrollTo(0, scrollOf(place.entry));
    else if (target) target.scrollIntoView();
    else scrollTo(0, 0);
    focusHeading();
  }, [place]);
}
