// Every client over a server that is killed, and one that is stopped: each change once and in order.
import { createClient as createEvents } from 'graphql-sse';
import { createClient as createSocket } from 'graphql-ws';
import WebSocket from 'ws';
import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache, Observable } from '@apollo/client';
import { check, equal, Heard } from './check.mjs';
import { eventSource } from './events.mjs';
import { CHANGED, head, Newsroom, told } from './newsroom.mjs';
import { Server } from './server.mjs';
import { socketUrl } from './websocket.mjs';

/** The same without a place to go on from. */
const FROM_NOW_ON = CHANGED.replace('($after: ChangeCursor)', '').replace('(after: $after)', '');

/** A short while, for clients to try again soon. */
const soon = () => new Promise((resolve) => setTimeout(resolve, 100 + Math.random() * 100));
const PATIENT = { retryAttempts: 1000, retry: soon, retryWait: soon };

/** Has a client go on after the last change that it was told of: what it sends again are these variables. */
function resuming(client, variables, heard) {
  const going = { ...variables };
  const sink = {
    ...heard.sink,
    next(result) {
      going.after = result.data?.publicationChanged.cursor ?? going.after;
      heard.next(result);
    },
  };
  return client.subscribe({ query: CHANGED, variables: going }, sink);
}

/** Apollo has nothing that tries again by itself: so the link of a subscription does. */
function resumingApollo(uri, variables, heard) {
  const http = new HttpLink({ uri });
  const again = new ApolloLink((operation) => {
    const subscribe = (observer, state) => {
      state.subscription = http.request(operation, { client }).subscribe({
        next(result) {
          const cursor = result.data?.publicationChanged.cursor;
          if (!cursor) return;
          operation.variables = { ...operation.variables, after: cursor };
          observer.next(result);
        },
        error: () => retry(observer, state),
        complete: () => retry(observer, state),
      });
    };
    const retry = (observer, state) => soon().then(() => state.isOver || subscribe(observer, state));
    return new Observable((observer) => {
      const state = { isOver: false };
      subscribe(observer, state);
      return () => {
        state.isOver = true;
        state.subscription.unsubscribe();
      };
    });
  });
  const client = new ApolloClient({ link: again, cache: new InMemoryCache() });
  const subscription = client.subscribe({ query: gql(CHANGED), variables }).subscribe(heard.sink);
  return () => subscription.unsubscribe();
}

export async function restarts(program, account) {
  const server = await Server.create(program, account);
  const ends = [];
  try {
    const { url } = server;
    const newsroom = await Newsroom.enter(url, account);
    const variables = { after: await head(url) };
    const closes = [];
    const socket = createSocket({
      url: socketUrl(url),
      webSocketImpl: WebSocket,
      ...PATIENT,
      // It may be refused a connection while the server starts, which is no close event.
      shouldRetry: () => true,
      on: { closed: ({ code, reason }) => closes.push([code, reason]) },
    });
    const events = [false, true].map((singleConnection) =>
      createEvents({ url: `${url}/graphql`, singleConnection, ...PATIENT }),
    );
    const heard = Object.fromEntries(
      ['graphql-ws', 'graphql-sse, distinct', 'graphql-sse, single', 'Apollo'].map((name) => [name, new Heard(name)]),
    );
    resuming(socket, variables, heard['graphql-ws']);
    resuming(events[0], variables, heard['graphql-sse, distinct']);
    resuming(events[1], variables, heard['graphql-sse, single']);
    ends.push(resumingApollo(`${url}/graphql`, variables, heard.Apollo));
    // Its address stays as it is, `after` and all: what counts is the Last-Event-ID that it sends by itself.
    heard.EventSource = eventSource(url, FROM_NOW_ON, {});
    ends.push(() => heard.EventSource.source.close(), () => socket.dispose(), ...events.map((one) => () => one.dispose()));
    // From now on, as it says no place: so it has to be there before anything is done.
    await new Promise((resolve) => heard.EventSource.source.addEventListener('open', resolve));

    const wanted = [];
    const publish = async (title) => {
      const { entryId } = await newsroom.publish(title);
      wanted.push(['PUT', entryId, title]);
    };
    const allHave = (count) => Promise.all(Object.values(heard).map((one) => one.first(count)));
    await publish('Before');
    await allHave(1);

    for (const signal of ['SIGKILL', 'SIGTERM', 'SIGKILL']) {
      // One that they may have heard of, or not, when it ends; and one that is there before any of them is back.
      await publish(`Just before ${signal}`);
      const code = await server.end(signal);
      equal(`${signal}: how the server ends`, code, signal === 'SIGTERM' ? 0 : signal);
      await server.start();
      await publish(`Just after ${signal}`);
      await allHave(wanted.length);
      await publish(`Later than ${signal}`);
      await allHave(wanted.length);
    }
    for (const [name, one] of Object.entries(heard)) {
      equal(`${name}: each change once, and in order`, one.items.map(told), wanted);
    }
    // Nothing can be said by a server that is killed. Who comes back while one stops is told the same again.
    const said = closes.filter(([code]) => code !== 1006);
    const isTold = ([code, reason]) => code === 1001 && /come back in \d seconds/.test(reason);
    check('one that is stopped says when to come back', said.length > 0 && said.every(isTold), JSON.stringify(closes));
  } finally {
    for (const end of ends) await end();
    await server.remove();
  }
}
