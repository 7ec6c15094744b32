// Server-Sent Events: graphql-sse in both of its modes, and EventSource.
import { EventSource } from 'eventsource';
import { createClient } from 'graphql-sse';
import { check, equal, Heard } from './check.mjs';
import { CHANGED, DRAFTED, head, live, told } from './newsroom.mjs';

/** The tests of a mode. */
export async function graphqlSse(url, newsroom, singleConnection) {
  const client = createClient({
    url: `${url}/graphql`,
    singleConnection,
    retryAttempts: 0,
    headers: () => ({ authorization: `Bearer ${newsroom.token}` }),
  });
  const subscribe = (request) => {
    const heard = new Heard(request.query);
    heard.end = client.subscribe(request, heard.sink);
    return heard;
  };
  const variables = { after: await head(url) };
  const changes = subscribe({ query: CHANGED, variables });
  const ended = subscribe({ query: CHANGED, variables });
  const wanted = await live(newsroom, changes, 'graphql-sse');
  equal('each change comes, in order', changes.items.map(told), wanted);
  await ended.first(3);
  ended.end();
  await ended.until(({ isOver }) => isOver);

  const only = async (request) => {
    const heard = subscribe(request);
    await heard.until(({ isOver, error }) => isOver || error);
    return heard;
  };
  const query = await only({ query: '{ editorial { viewer { user { email } } } }' });
  check('a query, by who shows a token', Boolean(query.items[0]?.data?.editorial.viewer.user.email) && query.isOver, query.told());
  const mutation = await only(newsroom.draft());
  equal('a mutation', [mutation.items, mutation.isOver], [[DRAFTED], true]);
  for (const [what, document, code] of [
    ['an unknown field', 'subscription { nothingOfTheKind { cursor } }', 'VALIDATION_FAILED'],
    ['an id of nothing', 'subscription { publication(id: "x") { cursor } }', 'BAD_USER_INPUT'],
  ]) {
    const refused = await only({ query: document });
    // Distinct connections are answered with what is wrong; of a single one the request is refused that brings a wrong document.
    if (singleConnection && code === 'VALIDATION_FAILED') equal(`${what} is refused`, refused.error?.response?.status, 400);
    else equal(`${what} is an error`, refused.items[0]?.errors?.[0].extensions.code, code);
  }

  await newsroom.withdraw(await newsroom.publish('After the rest'));
  await changes.first(5);
  equal('and the first goes on', [changes.error, changes.isOver, ended.items.length], [undefined, false, 3]);
  client.dispose();
}

/** A subscription in a URL, as browsers open one without a library. */
export const eventSource = (url, query, variables) => {
  const parameters = new URLSearchParams({ query, variables: JSON.stringify(variables) });
  const heard = new Heard('EventSource');
  heard.source = new EventSource(`${url}/graphql?${parameters}`);
  heard.ids = [];
  heard.source.addEventListener('next', ({ data, lastEventId }) => {
    heard.ids.push(lastEventId);
    heard.next(JSON.parse(data));
  });
  heard.source.addEventListener('complete', () => heard.source.close());
  return heard;
};

export async function browsers(url, newsroom) {
  const after = await head(url);
  const heard = eventSource(url, CHANGED, { after });
  const wanted = await live(newsroom, heard, 'EventSource');
  equal('each change comes, in order', heard.items.map(told), wanted);
  equal('the id of an event is its cursor', heard.ids, heard.items.map(({ data }) => data.publicationChanged.cursor));
  heard.source.close();
}
