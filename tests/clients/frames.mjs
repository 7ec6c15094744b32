// Handshakes, messages and frames that no client sends, and what they are answered with: RFC 6455, and the protocol
// graphql-transport-ws. Each case is one of a number, so that another server can be held against the same (script/beside).
import { check } from './check.mjs';
import { head } from './newsroom.mjs';
import { ACCEPTED, BINARY, CLOSE, KEY, PING, PROTOCOL, Raw } from './raw.mjs';

const QUERY = '{ site { defaultLocale } }';
const ANSWER = { data: { site: { defaultLocale: 'en' } } };
const CHANGES = 'subscription { publicationChanged { change { path } } }';

/** The order of an object's fields means nothing. */
const sorted = (key, value) =>
  value && typeof value === 'object' && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).sort()) : value;
const same = (found, wanted, what) => {
  const [is, should] = [found, wanted].map((value) => JSON.stringify(value, sorted));
  if (is !== should) throw new Error(`${what}: ${is} instead of ${should}`);
};
const subscribe = (id, query, more = {}) => ({ id, type: 'subscribe', payload: { query, ...more } });

/** The operation is answered, and ends. */
async function answered(raw, id, query = QUERY, payload = ANSWER) {
  raw.say(subscribe(id, query));
  same(await raw.hear(), { id, type: 'next', payload }, 'the answer');
  same(await raw.hear(), { id, type: 'complete' }, 'the end');
}

/** What a handshake is answered with. */
const handshake = (headers, statuses, how, see = () => undefined) => async (url) => {
  const raw = await Raw.ask(url, headers, how);
  try {
    if (![statuses].flat().includes(raw.status)) throw new Error(`${raw.status} instead of ${statuses}`);
    await see(raw);
  } finally {
    raw.end();
  }
};

/** A conversation on a socket; one that is `ready` has been acknowledged. */
const talk = (say, { ready = true, headers = {} } = {}) => async (url, newsroom) => {
  const raw = await Raw.open(url, headers);
  try {
    if (ready) {
      raw.say({ type: 'connection_init' });
      same(await raw.hear(), { type: 'connection_ack' }, 'the beginning');
    }
    await say(raw, newsroom);
  } finally {
    raw.end();
  }
};

/** What the socket is closed for, and with which code. */
const closes = (codes, say, how) =>
  talk(async (raw, newsroom) => {
    await say(raw, newsroom);
    const code = await raw.closed();
    if (![codes].flat().includes(code)) throw new Error(`closed with ${code} instead of ${codes}`);
  }, how);

/** What is no message of the protocol. */
const invalid = (message) => closes(4400, (raw) => raw.say(message));

/** An operation that is not run, after which the connection is as good as before. */
const refused = (query, more) =>
  talk(async (raw) => {
    raw.say(subscribe('1', query, more));
    const message = await raw.hear();
    same([message.type, message.id, Array.isArray(message.payload)], ['error', '1', true], JSON.stringify(message));
    if (!message.payload[0]?.message) throw new Error(`no error: ${JSON.stringify(message)}`);
    await answered(raw, '1');
  });

const EARLY = { ready: false };

export const CASES = {
  'handshake: the key is answered, the protocol taken, no extension': handshake({}, 101, undefined, ({ headers }) => {
    same(headers.get('sec-websocket-accept'), ACCEPTED, 'accept');
    same(headers.get('sec-websocket-protocol'), PROTOCOL, 'protocol');
  }),
  'handshake: no compression that is offered': handshake({ 'sec-websocket-extensions': 'permessage-deflate' }, 101, undefined, (raw) =>
    same(raw.headers.has('sec-websocket-extensions'), false, 'compressed'),
  ),
  'handshake: one of several protocols': handshake({ 'sec-websocket-protocol': `soap, ${PROTOCOL}` }, 101, undefined, (raw) =>
    same(raw.headers.get('sec-websocket-protocol'), PROTOCOL, 'protocol'),
  ),
  'handshake: tokens in any case, among others': handshake({ connection: 'keep-alive, upgrade', upgrade: 'WebSocket' }, 101),
  'handshake: no key': handshake({ 'sec-websocket-key': null }, 400),
  'handshake: a key of 15 bytes': handshake({ 'sec-websocket-key': 'dGhlIHNhbXBsZSBub24=' }, 400),
  'handshake: a key of 17 bytes': handshake({ 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZTE=' }, 400),
  'handshake: a key that is no base64': handshake({ 'sec-websocket-key': 'this is no base64 at all' }, 400),
  'handshake: two keys': handshake({ 'sec-websocket-key': [KEY, KEY] }, 400),
  'handshake: another version is told ours': handshake({ 'sec-websocket-version': '8' }, 426, undefined, (raw) =>
    same(raw.headers.get('sec-websocket-version'), '13', 'version'),
  ),
  'handshake: no version': handshake({ 'sec-websocket-version': null }, [400, 426]),
  'handshake: no Connection': handshake({ connection: 'keep-alive' }, [400, 426]),
  'handshake: a POST is none': handshake({ 'content-length': '0' }, [400, 405, 415], { method: 'POST' }),
  'handshake: HTTP/1.0 is none': handshake({}, [400, 426, 505], { version: '1.0' }),
  'handshake: another protocol, 4406': closes(4406, () => undefined, { ready: false, headers: { 'sec-websocket-protocol': 'soap' } }),
  'handshake: the old protocol, 4406': closes(4406, () => undefined, { ready: false, headers: { 'sec-websocket-protocol': 'graphql-ws' } }),
  'handshake: no protocol, 4406': closes(4406, () => undefined, { ready: false, headers: { 'sec-websocket-protocol': null } }),

  'init: with a payload of the client’s own': talk(
    async (raw) => {
      raw.say({ type: 'connection_init', payload: { client: 'of its own' } });
      same(await raw.hear(), { type: 'connection_ack' }, 'the beginning');
    },
    EARLY,
  ),
  'init: not in time, 4408': closes(4408, () => undefined, EARLY),
  'init: twice, 4429': closes(4429, (raw) => raw.say({ type: 'connection_init' })),
  'init: twice at once, 4429': closes(4429, (raw) => raw.say({ type: 'connection_init' }).say({ type: 'connection_init' }), EARLY),
  'init: an operation before it, 4401': closes(4401, (raw) => raw.say(subscribe('1', QUERY)), EARLY),
  'init: a token of nobody, 4403': closes(
    4403,
    (raw) => raw.say({ type: 'connection_init', payload: { Authorization: 'Bearer of-nobody' } }),
    EARLY,
  ),
  'init: a payload that is no object, 4400': closes(4400, (raw) => raw.say({ type: 'connection_init', payload: 1 }), EARLY),

  'message: no JSON, 4400': invalid('{'),
  'message: no object, 4400': invalid('[]'),
  'message: no type, 4400': invalid('{}'),
  'message: an unknown type, 4400': invalid({ type: 'hello' }),
  'message: a type of the old protocol, 4400': invalid({ id: '1', type: 'start', payload: { query: QUERY } }),
  'message: what servers alone say, 4400': invalid({ id: '1', type: 'next', payload: {} }),
  'message: bytes, 4400': closes(4400, (raw) => raw.frame(BINARY, '{"type":"ping"}')),
  'message: subscribe without an id, 4400': invalid({ type: 'subscribe', payload: { query: QUERY } }),
  'message: an id that is no string, 4400': invalid({ id: 1, type: 'subscribe', payload: { query: QUERY } }),
  'message: an empty id, 4400': invalid(subscribe('', QUERY)),
  'message: subscribe without a payload, 4400': invalid({ id: '1', type: 'subscribe' }),
  'message: a payload without a query, 4400': invalid({ id: '1', type: 'subscribe', payload: {} }),
  'message: variables that are a list, 4400': invalid(subscribe('1', QUERY, { variables: [] })),
  'message: complete without an id, 4400': invalid({ type: 'complete' }),
  'message: a ping whose payload is no object, 4400': invalid({ type: 'ping', payload: 1 }),
  'ping: answered': talk(async (raw) => same((await raw.say({ type: 'ping' }).hear()).type, 'pong', 'answer')),
  'ping: answered before the beginning': talk(async (raw) => same((await raw.say({ type: 'ping' }).hear()).type, 'pong', 'answer'), EARLY),
  'ping: with a payload': talk(async (raw) => same((await raw.say({ type: 'ping', payload: { at: 7 } }).hear()).type, 'pong', 'answer')),
  'pong: nobody has asked, and it does no harm': talk(async (raw) => answered(raw.say({ type: 'pong' }), '1')),

  'operation: a query': talk((raw) => answered(raw, '1')),
  'operation: a mutation': talk(async (raw) => {
    raw.say(subscribe('1', 'mutation { signOut(input: {}) { userErrors { code } } }'));
    const message = await raw.hear();
    same([message.type, Boolean(message.payload.data ?? message.payload.errors)], ['next', true], JSON.stringify(message));
    same((await raw.hear()).type, 'complete', 'the end');
  }),
  'operation: a name twice, 4409': closes(4409, (raw) => raw.say(subscribe('1', CHANGES)).say(subscribe('1', CHANGES))),
  'operation: a name again after its end': talk(async (raw) => {
    await answered(raw, '1');
    await answered(raw, '1');
  }),
  'operation: a name again after its client has ended it': talk(async (raw) => {
    raw.say(subscribe('1', CHANGES)).say({ id: '1', type: 'complete' }).say(subscribe('1', QUERY));
    const message = await raw.hear();
    same(message, { id: '1', type: 'next', payload: ANSWER }, 'the answer');
  }),
  'operation: one by its name among several': talk(async (raw) => {
    raw.say(subscribe('1', `query A ${QUERY} query B { site { name } }`, { operationName: 'A' }));
    same(await raw.hear(), { id: '1', type: 'next', payload: ANSWER }, 'the answer');
  }),
  'operation: the end of one that is not there': talk(async (raw) => answered(raw.say({ id: 'none', type: 'complete' }), '1')),
  'operation: events, until its client ends it': talk(async (raw, newsroom) => {
    const changes = `subscription { publicationChanged(after: "${await head(newsroom.url)}") { change { path } } }`;
    raw.say(subscribe('1', changes)).say(subscribe('2', changes));
    const article = await newsroom.publish('Of frames');
    const first = [await raw.hear(), await raw.hear()];
    same(first.map(({ id, type }) => [id, type]).sort(), [['1', 'next'], ['2', 'next']], 'events');
    raw.say({ id: '1', type: 'complete' }).say({ type: 'ping' });
    for (let message = await raw.hear(); message.type !== 'pong'; ) message = await raw.hear();
    await newsroom.withdraw(article);
    same((await raw.hear()).id, '2', 'who is told');
  }),
  'error: what cannot be read': refused('{'),
  'error: what does not fit the schema': refused('{ nothing }'),
  'error: two fields of a subscription': refused('subscription { publicationChanged { cursor } feedItems(slug: "last-news") { totalCount } }'),
  'error: a variable that does not fit': refused('query ($n: Int!) { articles(first: $n) { totalCount } }', { variables: { n: 'x' } }),
  'error: an argument that means nothing': refused('subscription { publication(id: "x") { cursor } }'),
  'error: an operation that is not there': refused(`query A ${QUERY}`, { operationName: 'B' }),

  'frame: a ping is answered with what it brought': talk(async (raw) => same(await raw.frame(PING, 'abc').pong(), 'abc', 'pong')),
  'frame: not masked, 1002': closes(1002, (raw) => raw.frame(1, '{"type":"ping"}', { masked: false })),
  'frame: a reserved bit, 1002': closes(1002, (raw) => raw.frame(1, '{"type":"ping"}', { rsv: 4 })),
  'frame: an unknown kind, 1002': closes(1002, (raw) => raw.frame(3, 'x')),
  'frame: an unknown control frame, 1002': closes(1002, (raw) => raw.frame(11, 'x')),
  'frame: a ping in pieces, 1002': closes(1002, (raw) => raw.frame(PING, 'x', { fin: false })),
  'frame: a ping of 126 bytes, 1002': closes(1002, (raw) => raw.frame(PING, 'x'.repeat(126))),
  'frame: the rest of nothing, 1002': closes(1002, (raw) => raw.frame(0, '"ping"}')),
  'frame: a message within another, 1002': closes(1002, (raw) => raw.frame(1, '{"type":', { fin: false }).frame(1, '{"type":"ping"}')),
  'frame: a message in pieces, a ping between them': talk(async (raw) => {
    raw.frame(1, '{"type":', { fin: false }).frame(PING, 'between').frame(0, '"pi', { fin: false }).frame(0, 'ng"}');
    same(await raw.pong(), 'between', 'pong');
    same(await raw.hear(), { type: 'pong' }, 'answer');
  }),
  'frame: a character in two pieces': talk(async (raw) => {
    const text = Buffer.from('{"type":"ping","payload":{"ы":1}}');
    const middle = text.indexOf(0xd1) + 1;
    raw.frame(1, text.subarray(0, middle), { fin: false }).frame(0, text.subarray(middle));
    same((await raw.hear()).type, 'pong', 'answer');
  }),
  'frame: no UTF-8, 1007': closes(1007, (raw) => raw.frame(1, Buffer.from([0x7b, 0xff, 0xfe, 0x7d]))),
  'frame: 2 MB of a message, 1009': closes(1009, (raw) => raw.say(`{"type":"ping"}${' '.repeat(2_000_000)}`)),
  'frame: a thousand messages at once, 1008': closes(1008, (raw) => {
    for (let count = 0; count < 1_000; count += 1) raw.say({ type: 'pong' });
  }),
  'close: answered with its code': closes(1000, (raw) => raw.frame(CLOSE, Buffer.from([0x03, 0xe8]))),
  'close: of one byte, 1002': closes(1002, (raw) => raw.frame(CLOSE, 'x')),
  'close: with a code that is none, 1002': closes(1002, (raw) => raw.frame(CLOSE, Buffer.from([0x03, 0xe7]))),
};

export async function frames(url, newsroom) {
  for (const [name, run] of Object.entries(CASES)) {
    try {
      await run(url, newsroom);
      check(name, true);
    } catch (error) {
      check(name, false, error.message);
    }
  }
}
