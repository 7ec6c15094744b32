// Runs other makers' clients against a running server:
//   BASE_URL=http://127.0.0.1:8080 EMAIL=… PASSWORD=… COURANT=…/courant npm test
// EMAIL and PASSWORD are of an administrator there, where the sample content is; COURANT is the program, of which the test of
// restarts starts a server of its own. ONLY=apollo runs the parts whose name matches, VERBOSE=1 shows what holds, too.
import { multipart, sockets } from './apollo.mjs';
import { check, step, summary } from './check.mjs';
import { browsers, graphqlSse } from './events.mjs';
import { frames } from './frames.mjs';
import { Newsroom } from './newsroom.mjs';
import { restarts } from './restarts.mjs';
import { urql } from './urql.mjs';
import { errors, severalOperations, tokens, whatHappens } from './websocket.mjs';

const { BASE_URL, EMAIL, PASSWORD, COURANT } = process.env;
try {
  if (!BASE_URL || !EMAIL || !PASSWORD || !COURANT) throw new Error('set BASE_URL, EMAIL, PASSWORD and COURANT');
  const url = new URL(BASE_URL).origin;
  const account = { email: EMAIL, password: PASSWORD };
  const newsroom = await Newsroom.enter(url, account);
  const parts = {
    'graphql-ws': () => whatHappens(url, newsroom),
    'graphql-ws: several operations on a socket': () => severalOperations(url, newsroom),
    'graphql-ws: errors': () => errors(url),
    'graphql-ws: tokens': () => tokens(url, newsroom),
    'raw frames': () => frames(url, newsroom),
    'graphql-sse, distinct connections': () => graphqlSse(url, newsroom, false),
    'graphql-sse, a single connection': () => graphqlSse(url, newsroom, true),
    EventSource: () => browsers(url, newsroom),
    'Apollo Client over multipart': () => multipart(url, newsroom),
    'Apollo Client over a WebSocket': () => sockets(url, newsroom),
    'urql over graphql-ws': () => urql(url, newsroom, 'graphql-ws'),
    'urql over graphql-sse': () => urql(url, newsroom, 'graphql-sse'),
    'a server that is killed, and one that is stopped': () => restarts(COURANT, account),
  };
  for (const [name, run] of Object.entries(parts)) await step(name, run);
} catch (error) {
  check('the tests run to their end', false, error.stack ?? error);
}
summary();
// What a client keeps open for whatever may come next is no reason to wait.
process.exit();
