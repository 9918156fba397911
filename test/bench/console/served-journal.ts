import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import type { ReducibleEntry } from '#rotation';
import { repositoryRoot } from '../../kit/repository-root.js';

const TYPES: Readonly<Record<string, string>> = {
  ...{ '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' },
};
const SELF = {
  ...{ actor: 'api-key:1 (bench)', kind: 'api-key', role: 'admin', roles: ['admin'] },
  ...{ fleets: null, until: null },
};

/** The built console over a journal that is in memory and comes as fast as it is told to: no database slows it. */
export class ServedJournal {
  private readonly streams = new Set<ServerResponse>();
  private sent = 0;
  /** As a proxy says it whose API is away. */
  isAway = false;

  private constructor(
    private readonly rotationId: string,
    private readonly entries: readonly ReducibleEntry[],
    private readonly server: Server,
  ) {}

  static async open(rotationId: string, entries: readonly ReducibleEntry[]): Promise<ServedJournal> {
    const server = createServer();
    const served = new ServedJournal(rotationId, entries, server);
    server.on('request', (request, response) => void served.answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return served;
  }

  get origin(): string {
    const { port } = this.server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  /** Of the page. */
  get url(): string {
    return `${this.origin}/console/rotations/${this.rotationId}`;
  }

  /** How many entries the page may know by now. */
  get count(): number {
    return this.sent;
  }

  /** Lets the next so many entries go, to everybody who listens. */
  send(count: number): void {
    const next = this.entries.slice(this.sent, this.sent + count);
    this.sent += next.length;
    for (const stream of this.streams) this.write(stream, next);
  }

  /** Ends every stream, as a proxy may. */
  cut(): void {
    for (const stream of this.streams) stream.destroy();
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer({ url = '/', headers }: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(url, 'http://bench');
    if (pathname.startsWith('/v1/rotations/') && this.isAway) response.writeHead(503).end();
    else if (pathname === `/v1/rotations/${this.rotationId}/events`) {
      this.follow(Number(headers['last-event-id'] ?? 0), response);
    } else if (pathname === '/v1/self') json(response, SELF);
    else if (pathname.startsWith('/v1/')) json(response, { items: [], nextCursor: null });
    else if (pathname.startsWith('/console')) await page(pathname, response);
    else response.writeHead(200).end();
  }

  private follow(after: number, response: ServerResponse): void {
    if (after >= this.entries.length) {
      response.writeHead(204).end();
      return;
    }
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    response.flushHeaders();
    this.streams.add(response);
    response.on('close', () => this.streams.delete(response));
    this.write(response, this.entries.slice(after, this.sent));
  }

  private write(response: ServerResponse, entries: readonly ReducibleEntry[]): void {
    for (const entry of entries) {
      response.write(`id: ${entry.sequence}\nevent: ${entry.event.type}\ndata: ${JSON.stringify(entry)}\n\n`);
    }
    if (this.sent === this.entries.length) response.end();
  }
}

function json(response: ServerResponse, body: object): void {
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

async function page(pathname: string, response: ServerResponse): Promise<void> {
  const folder = join(repositoryRoot(), 'dist/apps/console');
  const asked = join(folder, normalize(pathname.slice('/console'.length)));
  const file = extname(asked) !== '' && existsSync(asked) ? asked : join(folder, 'index.html');
  response.writeHead(200, { 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream' });
  response.end(await readFile(file));
}
