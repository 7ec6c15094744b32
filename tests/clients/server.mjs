// A server of the test's own, on a port that stays the same, to be stopped and killed and started again.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './check.mjs';

export class Server {
  /** With an administrator, and nothing published yet but the samples. */
  static async create(program, account) {
    const server = new Server();
    server.program = program;
    server.folder = await mkdtemp(join(tmpdir(), 'courant-clients-'));
    server.port = await freePort();
    server.url = `http://127.0.0.1:${server.port}`;
    await server.start();
    const create = ['user', 'create', '--data-dir', server.folder, '--email', account.email, '--name', 'A client', '--password-stdin'];
    const creating = spawn(program, create, { stdio: ['pipe', 'ignore', 'inherit'] });
    creating.stdin.end(`${account.password}\n`);
    const code = await new Promise((resolve) => creating.once('exit', resolve));
    if (code !== 0) throw new Error(`no administrator could be made: ${code}`);
    return server;
  }

  async start() {
    const options = ['serve', '--seed-if-empty', '--data-dir', this.folder, '--listen', `127.0.0.1:${this.port}`];
    this.said = '';
    this.process = spawn(this.program, options, { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.process.stdout, this.process.stderr]) stream.on('data', (data) => (this.said += data));
    this.ended = new Promise((resolve) => this.process.once('exit', (code, signal) => resolve(code ?? signal)));
    await eventually(`a server at ${this.url}`, async () => {
      if (this.process.exitCode !== null) throw new Error(this.said.slice(-1000));
      return (await fetch(`${this.url}/readyz`)).ok;
    });
  }

  /** Ends it; answers how it has ended. */
  end(signal) {
    this.process.kill(signal);
    return this.ended;
  }

  async remove() {
    await this.end('SIGKILL');
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
