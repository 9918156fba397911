import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A folder that a test's nginx lives in: its configuration names every file relative to it. */
export class NginxFolder {
  private constructor(readonly path: string) {}

  static async create(): Promise<NginxFolder> {
    const path = await mkdtemp(join(tmpdir(), 'windlass-nginx-'));
    await mkdir(join(path, 'temp'));
    return new NginxFolder(path);
  }

  async write(name: string, content: string | Uint8Array): Promise<void> {
    await writeFile(join(this.path, name), content);
  }

  /** By a new file in its place: nginx 1.27.2 and later knows a file by inode and second, and reads it once. */
  async replace(name: string, content: string): Promise<void> {
    await this.write(`${name}.new`, content);
    await rename(join(this.path, `${name}.new`), join(this.path, name));
  }

  /** Writes `nginx.conf` around what stands inside of `http`. */
  async configure(http: string): Promise<void> {
    await this.write('nginx.conf', this.frame(http));
  }

  /** A whole configuration around what stands inside of `http`. */
  frame(http: string): string {
    const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (one) => `${one}_temp_path temp/${one};`,
    );
    return `worker_processes 1;
daemon off;
pid nginx.pid;
error_log error.log info;
events { worker_connections 4096; }
http {
  access_log off;
  ${temp.join('\n  ')}
  ${http}
}
`;
  }

  /** What `nginx -t` says of the configuration when it fails, else null. */
  test(binary = 'nginx'): Promise<string | null> {
    return new Promise((resolve) => {
      execFile(binary, ['-p', this.path, '-c', 'nginx.conf', '-t', '-q'], (error, _stdout, stderr) =>
        resolve(error === null ? null : stderr),
      );
    });
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}

/** A running nginx: one master that we started, one worker. */
export class LocalNginx {
  private constructor(private readonly master: ChildProcess) {}

  /** Starts it and waits until `port` of 127.0.0.1 accepts connections. */
  static async start(folder: NginxFolder, port: number, binary = 'nginx'): Promise<LocalNginx> {
    const master = spawn(binary, ['-p', folder.path, '-c', 'nginx.conf'], { stdio: 'ignore' });
    const nginx = new LocalNginx(master);
    for (let tries = 0; tries < 100; tries += 1) {
      if (master.exitCode !== null) break;
      if (await accepts(port)) return nginx;
      await sleep(50);
    }
    await nginx.stop();
    throw new Error(`nginx did not start: ${await folder.test(binary)}`);
  }

  /** Loads the configuration anew, and waits until no worker of before is left. */
  async reload(): Promise<void> {
    const before = this.workers();
    this.master.kill('SIGHUP');
    for (let tries = 0; tries < 200; tries += 1) {
      const now = this.workers();
      if (now.length > 0 && now.every((worker) => !before.includes(worker))) return;
      await sleep(25);
    }
    throw new Error('nginx did not reload');
  }

  private workers(): string[] {
    const { pid } = this.master;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return children.split(' ').filter((worker) => worker !== '');
  }

  async stop(): Promise<void> {
    if (this.master.exitCode !== null || this.master.signalCode !== null) return;
    const gone = once(this.master, 'exit');
    this.master.kill('SIGTERM');
    await gone;
  }
}

/** Ports of 127.0.0.1 that were free a moment ago. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const ports = servers.map((server) => {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
    return address.port;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
