import type { ReactNode } from 'react';
import { Head } from '../app/Head';
import type { Alternate } from '../app/alternates';
import { graphql, readFragment, type FragmentType } from '../gql';
import { fill, useLanguage } from '../language';
import { Breadcrumbs, CrumbFragment } from '../parts/Breadcrumbs';
import { ListHeader } from '../parts/ListHeader';
import { PublicationList } from '../parts/PublicationList';
import { Total } from '../parts/Total';
import styles from './ListPage.module.css';

export const CategoryPageFragment = graphql(`
  fragment CategoryPage on Category {
    id
    path
    title
    description
    breadcrumbs {
      ...Crumb
    }
    children {
      id
      title
      path
    }
    publications(first: 20, after: $after) {
      totalCount
      totalCountIsEstimate
      ...PublicationList
    }
  }
`);

export function CategoryPage({
  of,
  after,
  alternates,
  lastNews,
}: {
  of: FragmentType<typeof CategoryPageFragment>;
  /** Where in the list the page starts; undefined at its beginning. */
  after: string | undefined;
  alternates: Alternate[];
  lastNews: ReactNode;
}) {
  const { id, path, title, description, breadcrumbs, children, publications } = readFragment(CategoryPageFragment, of);
  const { t } = useLanguage();
  const way = readFragment(CrumbFragment, breadcrumbs);
  const above = way.length > 2 ? way.at(-2)?.title : undefined;
  const called = above ? `${title} (${above})` : title;
  return (
    <>
      <Head
        title={after ? fill(t.continued, { title: called }) : called}
        description={description ?? fill(t.categoryAbout, { title: called })}
        canonical={path}
        alternates={alternates}
        noindex={!!after}
        followed={path}
      />
      <Breadcrumbs way={breadcrumbs} here={path} title={title} />
      <div className={styles.grid}>
        <div>
          <ListHeader
            title={title}
            description={description}
            path={path}
            startsFurtherDown={after !== undefined}
            isFollowed
          >
            {publications && (
              <Total of={publications.totalCount} atLeast={publications.totalCountIsEstimate} text={t.publicationsIn} />
            )}
          </ListHeader>
          {children.length > 0 && (
            <nav className={styles.children} aria-label={t.subcategories}>
              <ul>
                {children.map(({ id, title, path }) => (
                  <li key={id}>
                    <a href={path}>
                      <bdi>{title}</bdi>
                    </a>
                  </li>
                ))}
              </ul>
            </nav>
          )}
          {publications && <PublicationList key={after} id={id} page={publications} />}
        </div>
        {lastNews}
      </div>
    </>
  );
}
