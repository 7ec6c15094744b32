// A WebSocket client that sends whatever bytes it is told to, and shows each frame that comes back (RFC 6455).
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';

/** How long an answer may take to come; the machine may be busy. */
const SOON = 15_000;

export const PROTOCOL = 'graphql-transport-ws';
/** The key of RFC 6455, §1.3, and what it is answered with. */
export const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
export const ACCEPTED = 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=';

const HANDSHAKE = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': KEY,
  'sec-websocket-protocol': PROTOCOL,
};

export const TEXT = 1;
export const BINARY = 2;
export const CLOSE = 8;
export const PING = 9;
export const PONG = 10;

export class Raw {
  #bytes = Buffer.alloc(0);
  #ended = false;
  #wake = () => undefined;

  /** Asks for a WebSocket; `headers` are put in the place of those of a good handshake, a list for several, null for none. */
  static async ask(url, headers = {}, { method = 'GET', version = '1.1' } = {}) {
    const { hostname, port } = new URL(url);
    const raw = new Raw();
    raw.socket = connect(Number(port), hostname);
    raw.socket.on('data', (data) => {
      raw.#bytes = Buffer.concat([raw.#bytes, data]);
      raw.#wake();
    });
    raw.socket.on('close', () => {
      raw.#ended = true;
      raw.#wake();
    });
    raw.socket.on('error', () => undefined);
    const lines = Object.entries({ host: `${hostname}:${port}`, ...HANDSHAKE, ...headers }).flatMap(([name, value]) =>
      value === null ? [] : [value].flat().map((value) => `${name}: ${value}`),
    );
    raw.socket.write(`${method} /graphql HTTP/${version}\r\n${lines.join('\r\n')}\r\n\r\n`);
    const head = await raw.#until('an answer', () => {
      const end = raw.#bytes.indexOf('\r\n\r\n');
      return end < 0 ? undefined : raw.#take(end + 4).toString('latin1');
    });
    const [first, ...rest] = head.trim().split('\r\n');
    raw.status = Number(first.split(' ')[1]);
    raw.headers = new Map(rest.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]));
    return raw;
  }

  /** A WebSocket that is open. */
  static async open(url, headers) {
    const raw = await Raw.ask(url, headers);
    if (raw.status !== 101) throw new Error(`not opened: ${raw.status}`);
    return raw;
  }

  #take(length) {
    const taken = this.#bytes.subarray(0, length);
    this.#bytes = this.#bytes.subarray(length);
    return taken;
  }

  async #until(what, find) {
    const end = Date.now() + SOON;
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      if (this.#ended) throw new Error(`${what}: the connection is over`);
      if (Date.now() > end) throw new Error(`${what}: not in time`);
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, end - Date.now() + 1);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Sends one frame. */
  frame(opcode, payload = '', { fin = true, rsv = 0, masked = true } = {}) {
    const data = Buffer.from(payload);
    const [short, extended] =
      data.length < 126 ? [data.length, 0] : data.length < 65536 ? [126, 2] : [127, 8];
    const head = Buffer.alloc(2 + extended);
    head[0] = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
    head[1] = (masked ? 0x80 : 0) | short;
    if (extended === 2) head.writeUInt16BE(data.length, 2);
    if (extended === 8) head.writeBigUInt64BE(BigInt(data.length), 2);
    const mask = masked ? randomBytes(4) : Buffer.alloc(0);
    const sent = masked ? data.map((byte, index) => byte ^ mask[index % 4]) : data;
    this.socket.write(Buffer.concat([head, mask, sent]));
    return this;
  }

  say(message) {
    return this.frame(TEXT, typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** The next frame from the server. */
  next() {
    return this.#until('a frame', () => {
      if (this.#bytes.length < 2) return undefined;
      const short = this.#bytes[1] & 0x7f;
      const extended = short === 126 ? 2 : short === 127 ? 8 : 0;
      if (this.#bytes.length < 2 + extended) return undefined;
      const length =
        extended === 2 ? this.#bytes.readUInt16BE(2) : extended === 8 ? Number(this.#bytes.readBigUInt64BE(2)) : short;
      if (this.#bytes.length < 2 + extended + length) return undefined;
      const head = this.#take(2 + extended);
      return { opcode: head[0] & 0x0f, first: head[0], payload: this.#take(length) };
    });
  }

  /** The next message, as JSON. */
  async hear() {
    for (;;) {
      const { opcode, payload } = await this.next();
      if (opcode === TEXT) return JSON.parse(payload.toString());
      if (opcode === CLOSE) throw new Error(`closed with ${payload.length < 2 ? 'no code' : payload.readUInt16BE(0)}`);
    }
  }

  /** The payload of the next pong. */
  async pong() {
    for (;;) {
      const { opcode, payload } = await this.next();
      if (opcode === PONG) return payload.toString();
      if (opcode === CLOSE) throw new Error('closed');
    }
  }

  /** The code that the server closes with; what comes before it is passed over. */
  async closed() {
    for (;;) {
      const { opcode, payload } = await this.next();
      if (opcode === CLOSE) return payload.length < 2 ? 'no code' : payload.readUInt16BE(0);
    }
  }

  end() {
    this.socket.destroy();
  }
}
