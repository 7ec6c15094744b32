import { useQuery } from 'urql';
import { request } from '../client';
import { graphql, readFragment, type FragmentType } from '../gql';
import { useLanguage } from '../language';
import { MorePublicationsQuery } from '../operations';
import { Awaiting, Continuation, useFocusOnFirst } from './Continuation';
import { Teaser } from './Teaser';

export const PublicationListFragment = graphql(`
  fragment PublicationList on PublicationConnection {
    nodes {
      id
      ...Teaser
    }
    pageInfo {
      ...PageEnd
    }
  }
`);

/** A page of a list of the category, tag or feed with this id, and the pages after it. */
export function PublicationList({
  id,
  page,
  depth = 1,
  takesFocus = false,
}: {
  id: string;
  page: FragmentType<typeof PublicationListFragment>;
  depth?: number;
  takesFocus?: boolean;
}) {
  const { t } = useLanguage();
  const items = useFocusOnFirst<HTMLDivElement>(takesFocus);
  const { nodes, pageInfo } = readFragment(PublicationListFragment, page);
  if (nodes.length === 0 && depth === 1) return <p>{t.nothingHere}</p>;
  return (
    <>
      <div ref={items}>
        {nodes.map((node) => (
          <Teaser key={node.id} of={node} heading="h2" />
        ))}
      </div>
      <Continuation end={pageInfo} depth={depth}>
        {(after, depth, takesFocus) => <FurtherPage {...{ id, after, depth, takesFocus }} />}
      </Continuation>
    </>
  );
}

function FurtherPage({
  id,
  after,
  depth,
  takesFocus,
}: {
  id: string;
  after: string;
  depth: number;
  takesFocus: boolean;
}) {
  const { query, variables } = request(MorePublicationsQuery, { id, after });
  const [{ data, error }, ask] = useQuery({ query, variables });
  const node = data?.node;
  const page = node && ('items' in node ? node.items : 'publications' in node ? node.publications : undefined);
  if (!page) return <Awaiting failed={error !== undefined} onRetry={() => ask({ requestPolicy: 'network-only' })} />;
  return <PublicationList id={id} page={page} depth={depth + 1} takesFocus={takesFocus} />;
}
