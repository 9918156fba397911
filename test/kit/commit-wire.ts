import { connect, createServer, type Server, type Socket } from 'node:net';

/** COMMIT as node-postgres sends it: a simple query of protocol 3.0. */
const COMMIT = Buffer.from('Q\0\0\0\x0bCOMMIT\0');

/**
 * What happens to the next COMMIT: it is never sent; it takes effect but its answer is lost; the client loses
 * its connection at once and the server gets the COMMIT later.
 */
export type CommitFault = 'never-sent' | 'answer-lost' | 'late';

export interface CommitWire {
  /** The database's address by way of this wire. */
  readonly url: string;
  breakNextCommit(fault: CommitFault): void;
  /** COMMITs that were broken. */
  readonly broken: number;
  close(): Promise<void>;
}

const LATE_MS = 400;

/** A TCP proxy before PostgreSQL that breaks connections at the one moment that matters. */
export async function startCommitWire(databaseUrl: string): Promise<CommitWire> {
  const url = new URL(databaseUrl);
  const target = { host: url.hostname, port: Number(url.port) };
  const state = { fault: null as CommitFault | null, broken: 0 };
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(target);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => sockets.delete(socket));
    }
    upstream.on('data', (data) => client.writable && client.write(data));
    upstream.on('close', () => client.destroy());
    client.on('close', () => upstream.destroy());
    client.on('data', (data) => {
      const fault = data.includes(COMMIT) ? state.fault : null;
      if (fault === null) return void upstream.write(data);
      state.fault = null;
      state.broken += 1;
      breakHere(fault, client, upstream, data);
    });
  });
  url.port = String(await listen(server));
  return {
    url: url.href,
    breakNextCommit: (fault) => {
      state.fault = fault;
    },
    get broken() {
      return state.broken;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function breakHere(fault: CommitFault, client: Socket, upstream: Socket, commit: Buffer): void {
  if (fault === 'never-sent') return void client.destroy();
  upstream.removeAllListeners('data');
  upstream.once('data', () => {
    client.destroy();
    upstream.destroy();
  });
  if (fault === 'answer-lost') return void upstream.write(commit);
  client.removeAllListeners('close');
  client.destroy();
  setTimeout(() => upstream.write(commit), LATE_MS);
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}
