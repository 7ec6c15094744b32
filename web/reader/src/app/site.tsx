// What every page knows of the site: its name, its languages and its sections.
import { createContext, useContext, useMemo, type ReactNode } from 'react';
import { graphql, readFragment, type FragmentType } from '../gql';
import type { TextDirection } from '../gql/graphql';

export const FrameFragment = graphql(`
  fragment Frame on Query {
    site {
      name(locale: $locale)
      description(locale: $locale)
      defaultLocale
      timeZone
      profiles
      locales {
        tag
        name
        direction
      }
    }
    sections: categories(locale: $locale) {
      id
      title
      path
      children {
        id
        title
        path
      }
    }
  }
`);

/** In which direction one of the site's languages is written. */
export function directionIn(locales: readonly { tag: string; direction: TextDirection }[], locale: string) {
  const known = locales.find(({ tag }) => tag === locale);
  return known && (known.direction === 'RTL' ? 'rtl' : 'ltr');
}

interface Section {
  id: string;
  title: string;
  path: string;
  children: { id: string; title: string; path: string }[];
}

interface Site {
  name: string;
  description: string;
  defaultLocale: string;
  /** Its own pages elsewhere. */
  profiles: string[];
  locales: { tag: string; name: string; direction: TextDirection }[];
  sections: Section[];
  nameOf: (locale: string) => string;
  /** In which direction a language is written, as HTML has it. The service knows; `auto` of one that the site has not. */
  dirOf: (locale: string) => 'ltr' | 'rtl' | 'auto';
}

const unknown: Site = {
  name: '',
  description: '',
  defaultLocale: '',
  profiles: [],
  locales: [],
  sections: [],
  nameOf: (locale) => locale,
  dirOf: () => 'auto',
};

const Known = createContext<Site>(unknown);

export const useSite = () => useContext(Known);

export function SiteProvider({
  frame,
  children,
}: {
  frame: FragmentType<typeof FrameFragment> | undefined;
  children: ReactNode;
}) {
  const known = useMemo(() => {
    const data = readFragment(FrameFragment, frame);
    if (!data) return unknown;
    const { name, description, defaultLocale, profiles, locales } = data.site;
    const nameOf = (locale: string) => locales.find(({ tag }) => tag === locale)?.name ?? locale;
    const dirOf = (locale: string) => directionIn(locales, locale) ?? 'auto';
    const sections = data.sections ?? [];
    return { name: name ?? '', description: description ?? '', defaultLocale, profiles, locales, sections, nameOf, dirOf };
  }, [frame]);
  return <Known value={known}>{children}</Known>;
}
