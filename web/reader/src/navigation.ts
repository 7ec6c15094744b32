// Addresses and the browser's history: what a link does, where a page was scrolled to, what is remembered of an entry.
import { useSyncExternalStore } from 'react';
import { localeOf } from './pages';

export interface Place {
  pathname: string;
  search: string;
  hash: string;
  /** Names the entry of the history; what is remembered of a page is remembered under it. */
  entry: string;
  /** How the reader came here. */
  by: 'load' | 'link' | 'history';
}

interface Entry {
  entry: string;
  /** How many further pages of its list a page shows. */
  further?: number;
}

// Kept for when the document is loaded again; where nothing may be stored, it then begins at its top.
const storage = 'courant:scrolled';

const listeners = new Set<() => void>();
const scrolled = new Map(keptScrolled());
// An entry that is loaded again is the same one, with the first page of its list.
let place = arrive('load', { entry: (history.state as Entry | null)?.entry ?? newEntry() });

function newEntry(): string {
  return Math.random().toString(36).slice(2);
}

/** The place the browser is at, with its entry of the history marked as ours. */
function arrive(by: Place['by'], state: Entry): Place {
  history.replaceState(state, '');
  const { pathname, search, hash } = location;
  return { pathname, search, hash, entry: state.entry, by };
}

function go(next: Place) {
  place = next;
  for (const listener of listeners) listener();
}

export function usePlace(): Place {
  return useSyncExternalStore(subscribe, () => place);
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Goes to an address of the site. */
export function navigate(href: string, { replace = false } = {}) {
  scrolled.set(place.entry, scrollY);
  const entry: Entry = { entry: newEntry() };
  if (replace) history.replaceState(entry, '', href);
  else history.pushState(entry, '', href);
  go(arrive('link', entry));
}

/** Where the page was scrolled to when the reader left it. */
export function scrollOf(entry: string): number {
  return scrolled.get(entry) ?? 0;
}

function keepScrolled() {
  try {
    sessionStorage.setItem(storage, JSON.stringify([...scrolled].slice(-100)));
  } catch {
    // Not kept, then.
  }
}

function keptScrolled(): [string, number][] {
  try {
    return JSON.parse(sessionStorage.getItem(storage) ?? '[]') as [string, number][];
  } catch {
    return [];
  }
}

/** The element a place's hash names. Names in a text are prefixed in the page, and led to without their prefix, too. */
export function targetOf({ hash }: Place): HTMLElement | null {
  try {
    const name = decodeURIComponent(hash.slice(1));
    return document.getElementById(name) ?? document.getElementById(`user-content-${name}`);
  } catch {
    return null; // a lone % is no code
  }
}

/** How many further pages of its list this entry of the history shows. */
export function furtherPages(): number {
  return (history.state as Entry | null)?.further ?? 0;
}

export function rememberFurtherPages(further: number) {
  history.replaceState({ ...(history.state as Entry | null), further }, '');
}

/** Follows links within the site without loading the document anew; also those in the text of an article. */
export function followLinks() {
  history.scrollRestoration = 'manual';
  addEventListener('pagehide', () => {
    scrolled.set(place.entry, scrollY);
    keepScrolled();
  });
  addEventListener('popstate', () => {
    scrolled.set(place.entry, scrollY);
    const state = (history.state as Entry | null) ?? { entry: newEntry() };
    const known = history.state !== null;
    const next = arrive('history', state);
    if (next.pathname !== place.pathname || next.search !== place.search) return go(next);
    // A link to a heading is an entry of its own, on the same page: where it leads, the browser knows, if it is the
    // whole of the heading's name.
    place = { ...place, hash: next.hash, entry: next.entry };
    if (known) scrollTo(0, scrollOf(next.entry));
    else targetOf(place)?.scrollIntoView();
  });
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!link || !link.href || link.target || link.hasAttribute('download')) return;
    const url = new URL(link.href);
    // What is on no page of the reader's is the server's: /graphiql, say.
    if (url.origin !== location.origin || localeOf(url.pathname) === undefined) return;
    if (/\.(rss|atom|json|ninjs)$/.test(url.pathname)) return;
    const here = url.pathname === location.pathname && url.search === location.search;
    if (here && url.hash) return;
    event.preventDefault();
    navigate(url.pathname + url.search + url.hash, { replace: here });
  });
}
