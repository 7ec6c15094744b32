// What every page knows of the site: its name, its languages and its sections.
import { createContext, useContext, useMemo, type ReactNode } from 'react';
import { graphql, readFragment, type FragmentType } from '../gql';

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
  locales: { tag: string; name: string }[];
  sections: Section[];
  nameOf: (locale: string) => string;
}

const unknown: Site = {
  name: '',
  description: '',
  defaultLocale: '',
  profiles: [],
  locales: [],
  sections: [],
  nameOf: (locale) => locale,
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
    return { name: name ?? '', description: description ?? '', defaultLocale, profiles, locales, sections: data.sections ?? [], nameOf };
  }, [frame]);
  return <Known value={known}>{children}</Known>;
}
