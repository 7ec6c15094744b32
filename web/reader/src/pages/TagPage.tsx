import type { ReactNode } from 'react';
import { Head } from '../app/Head';
import type { Alternate } from '../app/alternates';
import { graphql, readFragment, type FragmentType } from '../gql';
import { fill, useLanguage } from '../language';
import { ListHeader } from '../parts/ListHeader';
import { PublicationList } from '../parts/PublicationList';
import { Total } from '../parts/Total';
import styles from './ListPage.module.css';

export const TagPageFragment = graphql(`
  fragment TagPage on Tag {
    id
    path
    name
    publications(first: 20, after: $after) {
      totalCount
      totalCountIsEstimate
      ...PublicationList
    }
  }
`);

export function TagPage({
  of,
  after,
  alternates,
  lastNews,
}: {
  of: FragmentType<typeof TagPageFragment>;
  after: string | undefined;
  alternates: Alternate[];
  lastNews: ReactNode;
}) {
  const { id, path, name, publications } = readFragment(TagPageFragment, of);
  const { t } = useLanguage();
  const title = `${t.tag}: ${name}`;
  return (
    <>
      <Head
        title={after ? fill(t.continued, { title }) : title}
        description={fill(t.tagAbout, { title: name })}
        canonical={path}
        alternates={alternates}
        noindex={!!after}
        followed={path}
      />
      <div className={styles.grid}>
        <div>
          <ListHeader above={t.tag} title={name} path={path} startsFurtherDown={after !== undefined} isFollowed>
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
