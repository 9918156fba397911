import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TestHost } from '#kit';

/** What somebody who knows both OpenSSH and nginx would run on each host: one exec, the bundle on its stdin. */
const REMOTE = `set -e
cd /etc/nginx/trust
cat > .next && sync .next
cp -p client-ca.pem .back
mv -f .next client-ca.pem && sync .
nginx -t -q || { mv -f .back client-ca.pem; exit 1; }
master=$(cat /run/nginx.pid)
old=$(cat /proc/$master/task/$master/children)
nginx -s reload
for pid in $old; do
  while grep -qsa "worker process" /proc/$pid/cmdline && ! grep -qsa "shutting down" /proc/$pid/cmdline; do sleep 0.05; done
done`;

/** What Windlass asks for too, in place of the algorithms that OpenSSH prefers: cheaper, and not post-quantum. */
const SAME_ALGORITHMS = ['Ciphers=aes128-gcm@openssh.com', 'KexAlgorithms=curve25519-sha256'];

export interface LoopOptions {
  readonly atOnce: number;
  readonly sameAlgorithms: boolean;
}

/** Where `curl` finds what it proves itself with. */
export interface LoopClient {
  readonly certificateFile: string;
  readonly keyFile: string;
}

/** OpenSSH's own client, one exec a host, so many at once. */
export class OpenSshLoop {
  private readonly words: readonly string[];

  constructor(
    folder: string,
    hosts: readonly TestHost[],
    private readonly options: LoopOptions,
  ) {
    const place = path.join(folder, 'openssh-loop');
    mkdirSync(place, { recursive: true });
    const knownHosts = path.join(place, 'known_hosts');
    writeFileSync(
      knownHosts,
      hosts.map((host) => `[${host.address}]:${host.sshPort} ${host.hostKey}\n`).join(''),
    );
    const said = ['BatchMode=yes', 'IdentitiesOnly=yes', 'GSSAPIAuthentication=no'].concat(
      'StrictHostKeyChecking=yes',
      `UserKnownHostsFile=${knownHosts}`,
      ...(options.sameAlgorithms ? SAME_ALGORITHMS : []),
    );
    const identity = ['-F', 'none', '-T', '-i', path.join(folder, 'client')];
    this.words = [...identity, ...said.flatMap((option) => ['-o', option])];
  }

  /** Brings the bundle to every host and looks at each with a client. Throws with the first host that failed. */
  async bring(hosts: readonly TestHost[], bundle: string, client: LoopClient | null): Promise<void> {
    const queue = [...hosts];
    const lane = async () => {
      for (let host = queue.shift(); host; host = queue.shift()) {
        await this.switch(host, bundle);
        if (client) await this.probe(host, client);
      }
    };
    await Promise.all(Array.from({ length: this.options.atOnce }, lane));
  }

  private async switch(host: TestHost, bundle: string): Promise<void> {
    const where = ['-p', String(host.sshPort), `root@${host.address}`];
    await run(host, 'ssh', [...this.words, ...where, REMOTE], bundle);
  }

  private async probe(host: TestHost, { certificateFile, keyFile }: LoopClient): Promise<void> {
    const identity = ['--cert', certificateFile, '--key', keyFile];
    const answer = await run(
      host,
      'curl',
      ['-sk', ...identity, `https://${host.address}:${host.httpsPort}/`],
      '',
    );
    if (!answer.startsWith('SUCCESS')) throw new Error(`${host.name} refuses the client: ${answer}`);
  }
}

async function run(host: TestHost, program: string, args: readonly string[], input: string): Promise<string> {
  const child = spawn(program, args);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  // A program that ends before it has read its input says so by its status.
  child.stdin.on('error', () => undefined).end(input);
  const [status] = (await once(child, 'close')) as [number | null];
  if (status !== 0) throw new Error(`${host.name}: ${program} ended with ${status}: ${said}`);
  return said;
}
