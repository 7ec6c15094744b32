// What has happened since the page that is shown was made: to the publication on it, and in the last news.
import { Client, fetchExchange } from '@urql/core';
import { useEffect, useEffectEvent, useMemo, useState } from 'react';
import { graphql } from './gql';
import type { SinceQuery } from './gql/graphql';
import { follow, type Happened } from './live';
import { publicationOf } from './publication';
import type { Content, View } from './usePage';
import { request } from './client';

/** What is asked where events may be missing, and for the last news. */
const Since = graphql(`
  query Since($locale: Locale, $id: ID!, $withPublication: Boolean!) {
    ...LastNews
    node(id: $id) @include(if: $withPublication) {
      __typename
      ... on Publication {
        id
        updatedAt
        withdrawal {
          at
        }
      }
    }
  }
`);

/** The state of a publication, as it was last heard of. Null: it is not there any more. */
interface Heard {
  id: string;
  state: { updatedAt: string; withdrawal?: unknown } | null;
}

export interface Live {
  /** What has happened to the publication that is shown. */
  change: 'updated' | 'withdrawn' | undefined;
  /** The last news, where they are newer than those of the page. */
  news: SinceQuery | undefined;
}

/** So long things are gathered before the last news are asked for, so that not all readers ask at once. */
const gathering = () => 1_200 + Math.random() * 1_500;

export function useLive(view: View, locale: string): Live {
  const { content } = view;
  const shown = publicationOf(view);
  // Beside the cache: what comes must not change half of the page that is read.
  const client = useMemo(() => new Client({ url: '/graphql', preferGetMethod: false, exchanges: [fetchExchange] }), []);
  const [heard, setHeard] = useState<Heard>();
  const [news, setNews] = useState<{ since: Content | undefined; data: SinceQuery }>();
  const [asking, setAsking] = useState(0);

  const tell = useEffectEvent((happened: Happened | undefined) => {
    if (shown && happened?.change?.nodeId === shown.id) {
      setHeard({ id: shown.id, state: happened.publication ?? null });
    }
    setAsking((before) => before + 1);
  });
  useEffect(() => follow(locale, tell), [locale]);

  const ask = useEffectEvent(async () => {
    const variables = { locale, id: shown?.id ?? '', withPublication: shown !== undefined };
    const { data } = await client.executeQuery(request(Since, variables)).toPromise();
    if (!data) return;
    if (shown && data.node !== undefined) {
      const { node } = data;
      setHeard({ id: shown.id, state: node && 'updatedAt' in node ? node : null });
    }
    setNews({ since: content, data });
  });
  useEffect(() => {
    if (asking === 0) return;
    let timer: ReturnType<typeof setTimeout>;
    const wait = () => {
      timer = setTimeout(() => {
        // Nothing is changed under a reader's hand.
        if (document.querySelector('[aria-labelledby=last-news]')?.matches(':hover, :focus-within')) wait();
        else void ask();
      }, gathering());
    };
    wait();
    return () => clearTimeout(timer);
  }, [asking]);

  return {
    change: shown && heard?.id === shown.id ? changeOf(shown, heard.state) : undefined,
    news: news?.since === content ? news?.data : undefined,
  };
}

function changeOf(shown: NonNullable<ReturnType<typeof publicationOf>>, state: Heard['state']): Live['change'] {
  if (!state || (state.withdrawal && !shown.withdrawal)) return 'withdrawn';
  const isNewer = Date.parse(state.updatedAt) >= Date.parse(shown.updatedAt) && state.updatedAt !== shown.updatedAt;
  return isNewer ? 'updated' : undefined;
}
