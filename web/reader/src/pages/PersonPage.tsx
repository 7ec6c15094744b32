import type { ReactNode } from 'react';
import { Head } from '../app/Head';
import type { Alternate } from '../app/alternates';
import { graphql, readFragment, type FragmentType } from '../gql';
import { fill, useLanguage } from '../language';
import { ListHeader } from '../parts/ListHeader';
import { PublicationList } from '../parts/PublicationList';
import { Total } from '../parts/Total';
import styles from './ListPage.module.css';

export const PersonPageFragment = graphql(`
  fragment PersonPage on Person {
    id
    path
    name
    role
    publications(first: 20, after: $after) {
      totalCount
      totalCountIsEstimate
      ...PublicationList
    }
  }
`);

/** What somebody wrote or signed. */
export function PersonPage({
  of,
  after,
  alternates,
  lastNews,
}: {
  of: FragmentType<typeof PersonPageFragment>;
  after: string | undefined;
  alternates: Alternate[];
  lastNews: ReactNode;
}) {
  const { id, path, name, role, publications } = readFragment(PersonPageFragment, of);
  const { t } = useLanguage();
  const about = fill(t.personAbout, { title: name });
  return (
    <>
      <Head
        title={after ? fill(t.continued, { title: name }) : name}
        description={about}
        canonical={path}
        alternates={alternates}
        noindex={!!after}
      />
      <div className={styles.grid}>
        <div>
          <ListHeader title={name} description={role} path={path} startsFurtherDown={after !== undefined}>
            {publications && (
              <Total of={publications.totalCount} atLeast={publications.totalCountIsEstimate} text={t.publicationsIn} />
            )}
          </ListHeader>
          {publications && <PublicationList key={after} id={id} page={publications} />}
        </div>
        {lastNews}
      </div>
    </>
  );
}
