import { useState, type ReactNode } from 'react';
import { graphql, readFragment, type FragmentType } from '../gql';
import { useSite } from '../app/site';
import { useLanguage } from '../language';
import type { Page, VariablesOf } from '../pages';
import { useLang } from './Foreign';
import styles from './Facets.module.css';

export const FacetsFragment = graphql(`
  fragment Facets on SearchFacets {
    kinds {
      kind
      count
    }
    categories {
      count
      category {
        id
        title
        path
      }
    }
    tags {
      count
      tag {
        id
        name
        path
      }
    }
    years {
      year
      count
    }
    signatories {
      count
      person {
        id
        name
        path
      }
    }
    languages {
      language
      count
    }
  }
`);

/** A value that hits can be narrowed to. */
interface Value {
  value: string;
  title: string;
  count: number;
  /** How far below the top of a tree. */
  depth?: number;
  lang?: string;
}

interface Group {
  /** The parameter of the address. */
  name: string;
  title: string;
  values: Value[];
}

/** What names something in a filter: the end of its path. */
const slugs = (path: string) => path.split('/').slice(3).join('/');

/** The address of the same search from its beginning, with this as the one value of a parameter, or without it where that is empty. */
export function withValue({ path, query }: Page, name: string, value: string): string {
  const next = new URLSearchParams(query);
  next.delete('after');
  next.delete(name);
  if (value !== '') next.append(name, value);
  return next.size > 0 ? `${path}?${next}` : path;
}

/** The same without one value of a parameter. */
function withoutValue({ path, query }: Page, name: string, value: string): string {
  const kept = [...query].filter(([parameter, given]) => parameter !== 'after' && (parameter !== name || given.trim() !== value));
  return kept.length > 0 ? `${path}?${new URLSearchParams(kept)}` : path;
}

function useGroups(of: FragmentType<typeof FacetsFragment>): Group[] {
  const { kinds, categories, tags, years, signatories, languages } = readFragment(FacetsFragment, of);
  const { t } = useLanguage();
  const { nameOf } = useSite();
  return [
    {
      name: 'kind',
      title: t.kind,
      values: kinds.map(({ kind, count }) => ({ value: kind, title: t.searchKinds[kind], count })),
    },
    {
      name: 'category',
      title: t.category,
      values: categories.map(({ category: { title, path }, count }) => {
        const value = slugs(path);
        return { value, title, count, depth: value.split('/').length - 1 };
      }),
    },
    {
      name: 'tag',
      title: t.tag,
      values: tags.map(({ tag: { name, path }, count }) => ({ value: slugs(path), title: name, count })),
    },
    {
      name: 'year',
      title: t.year,
      values: years.map(({ year, count }) => ({ value: String(year), title: String(year), count })),
    },
    {
      name: 'signatory',
      title: t.signatory,
      values: signatories.map(({ person: { name, path }, count }) => ({ value: slugs(path), title: name, count })),
    },
    {
      name: 'language',
      title: t.language,
      values: languages.map(({ language, count }) => ({ value: language, title: nameOf(language), count, lang: language })),
    },
  ];
}

/** What a search is narrowed to: the values of each parameter. */
export function narrowedBy(filter: VariablesOf<'search'>): [name: string, value: string][] {
  const { kinds, categories, tags, years, signatories, languages } = filter;
  const chosen = Object.entries({ kind: kinds, category: categories, tag: tags, year: years, signatory: signatories, language: languages });
  return chosen.flatMap(([name, values]) => [values ?? []].flat().map((value): [string, string] => [name, String(value)]));
}

/** Links that narrow a search down, with how much each finds, and links that widen it again. */
export function Facets({
  of,
  page,
  children,
}: {
  of: FragmentType<typeof FacetsFragment>;
  page: Page;
  /** What stands beside them. */
  children: ReactNode;
}) {
  const groups = useGroups(of);
  const { t, number } = useLanguage();
  const langOf = useLang();
  const filter = page.variables as VariablesOf<'search'>;
  const chosen = narrowedBy(filter);
  const [open] = useState(() => chosen.length > 0 || matchMedia('(min-width: 56rem)').matches);
  const titleOf = (name: string, value: string) =>
    groups.find((group) => group.name === name)?.values.find((one) => one.value === value)?.title ?? value;
  const isChosen = (name: string, value: string) => chosen.some(([by, one]) => by === name && one === value);
  const alone = { ...page, query: new URLSearchParams() };
  return (
    <div className={styles.grid}>
      <nav className={styles.facets} aria-label={t.searchFilters}>
        <details open={open}>
          <summary>{t.searchFilters}</summary>
          {chosen.length > 0 && (
            <div className={styles.chosen}>
              <p>{t.narrowedTo}</p>
              <ul>
                {chosen.map(([name, value]) => (
                  <li key={`${name} ${value}`}>
                    <a href={withoutValue(page, name, value)} rel="nofollow">
                      <span className="unseen">{t.widen} </span>
                      <bdi>{titleOf(name, value)}</bdi>
                    </a>
                  </li>
                ))}
              </ul>
              <p>
                <a href={withValue(alone, 'q', filter.query ?? '')}>{t.reset}</a>
              </p>
            </div>
          )}
          {groups
            .filter(({ values }) => values.length > 0)
            .map(({ name, title, values }) => (
              <section key={name} aria-labelledby={`by-${name}`}>
                <h2 id={`by-${name}`}>{title}</h2>
                <ul>
                  {values.map(({ value, title, count, depth, lang }) => {
                    const here = isChosen(name, value);
                    return (
                      <li key={value} {...(depth ? { 'data-depth': Math.min(depth, 3) } : {})}>
                        <a
                          href={here ? withoutValue(page, name, value) : withValue(page, name, value)}
                          rel="nofollow"
                          {...(here ? { 'aria-current': 'true' as const } : {})}
                        >
                          <span {...(lang ? langOf(lang) : {})}>
                            <bdi>{title}</bdi>
                          </span>
                          <span>{number(count)}</span>
                        </a>
                      </li>
                    );
                  })}
                </ul>
              </section>
            ))}
        </details>
      </nav>
      {children}
    </div>
  );
}
