// graphql-ws: several operations on a socket, tokens, errors, and how each of them ends.
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { check, equal, Heard } from './check.mjs';
import { CHANGED, DRAFTED, head, live, told } from './newsroom.mjs';

export const socketUrl = (url) => `${url.replace(/^http/, 'ws')}/graphql`;

/** A client whose troubles fail the test instead of being tried again. */
const clientOf = (url, options = {}) =>
  createClient({ url: socketUrl(url), webSocketImpl: WebSocket, retryAttempts: 0, ...options });

/** The only answer to an operation. */
const answer = (client, query, variables) => answerTo(client, { query, variables });

async function answerTo(client, request) {
  const heard = new Heard(request.query);
  client.subscribe(request, heard.sink);
  await heard.until(({ isOver, error }) => isOver || error);
  return heard;
}

export async function whatHappens(url, newsroom) {
  const client = clientOf(url);
  const heard = new Heard('graphql-ws');
  client.subscribe({ query: CHANGED, variables: { after: await head(url) } }, heard.sink);
  const wanted = await live(newsroom, heard, 'graphql-ws');
  equal('each change comes, in order', heard.items.map(told), wanted);
  await client.dispose();
}

export async function severalOperations(url, newsroom) {
  let sockets = 0;
  const client = clientOf(url, { on: { opened: () => (sockets += 1) } });
  const [changes, ended, box] = ['changes', 'ended', 'box'].map((what) => new Heard(what));
  const after = await head(url);
  client.subscribe({ query: CHANGED, variables: { after } }, changes.sink);
  const end = client.subscribe({ query: CHANGED, variables: { after } }, ended.sink);
  client.subscribe({ query: 'subscription { feedItems(slug: "last-news", first: 3, locale: "en") { nodes { title } } }' }, box.sink);
  const topmost = (item) => item.data.feedItems.nodes[0].title;
  await box.first(1);

  const article = await newsroom.publish('One of several');
  await Promise.all([changes.first(1), ended.first(1), box.until(({ items }) => topmost(items.at(-1)) === 'One of several')]);
  end();
  await ended.until(({ isOver }) => isOver);
  const named = 'query Name($path: String!) { category(by: { path: $path }, locale: "en") { title } }';
  const query = await answer(client, named, { path: 'sport' });
  equal('a query is answered beside them', query.items, [{ data: { category: { title: 'Sport' } } }]);

  await newsroom.withdraw(article);
  await changes.first(2);
  await box.until(({ items }) => topmost(items.at(-1)) !== 'One of several');
  equal('who has completed hears no more', ended.items.length, 1);
  equal('all of it comes over one socket', sockets, 1);
  await client.dispose();
}

export async function errors(url) {
  const client = clientOf(url);
  const unknown = await answer(client, 'subscription { nothingOfTheKind { cursor } }');
  equal('an unknown field is an error of the operation', unknown.error?.[0]?.extensions?.code, 'VALIDATION_FAILED');
  const foreign = await answer(client, 'subscription { publication(id: "x") { cursor } }');
  check('an id of nothing is, too', foreign.error?.[0]?.extensions?.code === 'BAD_USER_INPUT', foreign.told());
  const after = await answer(client, 'subscription { publicationChanged(after: "x") { cursor } }');
  check('and a cursor of nothing', Boolean(after.error?.[0]?.extensions?.code), after.told());
  const closed = await answer(client, 'subscription { editorialChanged { cursor } }');
  equal('the newsroom is closed to readers', closed.error?.[0]?.extensions?.code, 'UNAUTHENTICATED');
  const open = await answer(client, '{ site { defaultLocale } }');
  equal('and the socket is as good as before', open.items, [{ data: { site: { defaultLocale: 'en' } } }]);
  await client.dispose();
}

export async function tokens(url, newsroom) {
  const client = clientOf(url, { connectionParams: { Authorization: `Bearer ${newsroom.token}` } });
  const heard = new Heard('editorialChanged');
  const opened = new Heard('the newsroom');
  const query = 'subscription { editorialChanged { record { act } } }';
  client.subscribe({ query }, heard.sink);
  client.subscribe({ query: '{ editorial { viewer { name } } }' }, opened.sink);
  check('connectionParams show who it is', Boolean((await opened.first(1))[0].data?.editorial.viewer.name), opened.told());
  // It is begun by now, but perhaps not yet heard of: so things are done until it hears of one.
  const drafted = await answerTo(client, newsroom.draft());
  equal('and a mutation over the socket is theirs', drafted.items, [DRAFTED]);
  while (heard.items.length === 0) {
    await newsroom.withdraw(await newsroom.publish('For editors'));
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  check('editors hear what is done', heard.items.every(({ data }) => data?.editorialChanged.record.act), heard.told());
  await client.dispose();

  const stranger = clientOf(url, { connectionParams: { Authorization: 'Bearer of-nobody' } });
  const refused = await answer(stranger, '{ site { name } }');
  equal('a token of nobody is Forbidden', [refused.error?.code, refused.error?.reason], [4403, 'Forbidden']);
  await stranger.dispose();
}
