// urql: its subscription exchange over graphql-ws and over graphql-sse.
import { Client, fetchExchange, subscriptionExchange } from '@urql/core';
import { createClient as createEvents } from 'graphql-sse';
import { createClient as createSocket } from 'graphql-ws';
import WebSocket from 'ws';
import { check, equal, Heard } from './check.mjs';
import { CHANGED, DRAFTED, head, live, told } from './newsroom.mjs';
import { socketUrl } from './websocket.mjs';

const transports = {
  'graphql-ws': (url, authorization) =>
    createSocket({ url: socketUrl(url), webSocketImpl: WebSocket, connectionParams: { authorization } }),
  'graphql-sse': (url, authorization) => createEvents({ url: `${url}/graphql`, headers: { authorization } }),
};

export async function urql(url, newsroom, name) {
  const authorization = `Bearer ${newsroom.token}`;
  const transport = transports[name](url, authorization);
  const client = new Client({
    url: `${url}/graphql`,
    preferGetMethod: false,
    fetchOptions: { headers: { authorization } },
    exchanges: [
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: (request) => ({
          subscribe: (sink) => ({ unsubscribe: transport.subscribe({ ...request, query: request.query ?? '' }, sink) }),
        }),
      }),
    ],
  });
  const heard = new Heard(`urql over ${name}`);
  const subscription = client.subscription(CHANGED, { after: await head(url) }).subscribe(heard.next);
  const wanted = await live(newsroom, heard, `urql over ${name}`);
  const inShort = ({ data, error }) => told({ data, errors: error && [error] });
  equal('each change comes, in order', heard.items.map(inShort), wanted);
  const { data } = await client.query('{ editorial { viewer { user { email } } } }', {}).toPromise();
  check('a query, by who shows a token', Boolean(data?.editorial.viewer.user.email), JSON.stringify(data));
  const { query, variables } = newsroom.draft();
  equal('a mutation', (await client.mutation(query, variables).toPromise()).data, DRAFTED.data);
  const refused = new Heard('an id of nothing');
  client.subscription('subscription { publication(id: "x") { cursor } }', {}).subscribe(refused.next);
  await refused.first(1);
  check('an id of nothing is an error', Boolean(refused.items[0].error), refused.told());
  subscription.unsubscribe();
  await transport.dispose();
}
