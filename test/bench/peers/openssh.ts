import type { TestHost } from '#kit';
import type { Peer, PeerFleet, ProbeFiles } from './peer.js';
import { REMOTE } from './remote-script.js';
import { run } from './run.js';

/** What Windlass asks for too, in place of the algorithms that OpenSSH prefers: cheaper, and not post-quantum. */
const SAME_ALGORITHMS = ['Ciphers=aes128-gcm@openssh.com', 'KexAlgorithms=curve25519-sha256'];

export interface LoopOptions {
  readonly atOnce: number;
  readonly sameAlgorithms?: boolean;
}

/** OpenSSH's own client, one exec a host, so many at once, and curl. */
export class OpenSshLoop implements Peer {
  readonly name: string;
  private readonly words: readonly string[];

  constructor(
    private readonly fleet: PeerFleet,
    private readonly options: LoopOptions,
  ) {
    this.name = `OpenSSH, ${options.atOnce} at once`;
    const said = ['BatchMode=yes', 'IdentitiesOnly=yes', 'GSSAPIAuthentication=no'].concat(
      'StrictHostKeyChecking=yes',
      `UserKnownHostsFile=${fleet.knownHosts}`,
      ...(options.sameAlgorithms ? SAME_ALGORITHMS : []),
    );
    this.words = ['-F', 'none', '-T', '-i', fleet.identity, ...said.flatMap((option) => ['-o', option])];
  }

  async bring(bundle: string, client: ProbeFiles | null): Promise<void> {
    const queue = [...this.fleet.hosts];
    const lane = async () => {
      for (let host = queue.shift(); host; host = queue.shift()) {
        const where = ['-p', String(host.sshPort), `root@${host.address}`];
        await run('ssh', [...this.words, ...where, REMOTE], { input: bundle });
        if (client) await probe(host, client);
      }
    };
    await Promise.all(Array.from({ length: this.options.atOnce }, lane));
  }
}

async function probe(host: TestHost, { certificateFile, keyFile }: ProbeFiles): Promise<void> {
  const identity = ['--cert', certificateFile, '--key', keyFile];
  const answer = await run('curl', ['-sk', ...identity, `https://${host.address}:${host.httpsPort}/`]);
  if (!answer.startsWith('SUCCESS')) throw new Error(`${host.name} refuses the client: ${answer}`);
}
