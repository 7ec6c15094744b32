// Apollo Client: subscriptions over multipart HTTP, and over a WebSocket.
import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { check, equal, Heard } from './check.mjs';
import { CHANGED, DRAFTED, head, live, told } from './newsroom.mjs';
import { socketUrl } from './websocket.mjs';

const clientOf = (link) => new ApolloClient({ link, cache: new InMemoryCache() });

/** Apollo asks for the name of every type. */
const withoutTypes = (data) => JSON.parse(JSON.stringify(data, (key, value) => (key === '__typename' ? undefined : value)));

/** Over plain HTTP: the link says by itself that it takes several parts. */
export async function multipart(url, newsroom) {
  const types = [];
  const headers = { authorization: `Bearer ${newsroom.token}` };
  const noting = async (...request) => {
    const answer = await fetch(...request);
    types.push(answer.headers.get('content-type'));
    return answer;
  };
  const client = clientOf(new HttpLink({ uri: `${url}/graphql`, headers, fetch: noting }));
  await whatHappens(client, url, newsroom, 'Apollo over multipart');
  check('it comes as multipart/mixed', types.some((type) => type.startsWith('multipart/mixed')), types);
  check('and nothing else does', types.filter((type) => type.startsWith('multipart/mixed')).length <= 3, types);

  const refused = new Heard('Apollo over multipart: an id of nothing');
  client.subscribe({ query: gql('subscription { publication(id: "x") { cursor } }') }).subscribe(refused.sink);
  await refused.until(({ items, error }) => items.length > 0 || error);
  check('an id of nothing is an error', Boolean(refused.error ?? refused.items[0].error), refused.told());
  client.stop();
}

export async function sockets(url, newsroom) {
  const socket = createClient({
    url: socketUrl(url),
    webSocketImpl: WebSocket,
    connectionParams: { headers: { Authorization: `Bearer ${newsroom.token}` } },
  });
  const client = clientOf(ApolloLink.from([new GraphQLWsLink(socket)]));
  await whatHappens(client, url, newsroom, 'Apollo over a WebSocket');
  client.stop();
  await socket.dispose();
}

async function whatHappens(client, url, newsroom, what) {
  const heard = new Heard(what);
  const variables = { after: await head(url) };
  const subscription = client.subscribe({ query: gql(CHANGED), variables }).subscribe(heard.sink);
  // Each step waits for the event of the one before: it comes when it happens, and not with the next one.
  const wanted = await live(newsroom, heard, what);
  equal('each change comes when it happens, in order', heard.items.map(told), wanted);
  const { data } = await client.query({ query: gql('{ editorial { viewer { user { email } } } }'), fetchPolicy: 'no-cache' });
  check('a query, by who shows a token', Boolean(data.editorial.viewer.user.email), JSON.stringify(data));
  const { query, variables: input } = newsroom.draft();
  const drafted = await client.mutate({ mutation: gql(query), variables: input, fetchPolicy: 'no-cache' });
  equal('a mutation', withoutTypes(drafted.data), DRAFTED.data);
  subscription.unsubscribe();
  const after = new Heard(`${what}: unsubscribed`);
  const again = client.subscribe({ query: gql(CHANGED), variables: { after: await head(url) } }).subscribe(after.sink);
  await newsroom.withdraw(await newsroom.publish('After the end'));
  await after.first(2);
  equal('who has unsubscribed hears no more', heard.items.length, wanted.length);
  again.unsubscribe();
}
