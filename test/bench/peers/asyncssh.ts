import path from 'node:path';
import { repositoryRoot } from '#kit';
import type { Peer, PeerFleet, ProbeFiles } from './peer.js';
import { REMOTE } from './remote-script.js';
import { run } from './run.js';

/** asyncssh: one process, 50 connections at once, one exec a host, its own TLS client behind. */
export class AsyncSsh implements Peer {
  readonly name = 'asyncssh, 50 at once';

  constructor(
    private readonly fleet: PeerFleet,
    private readonly python: string,
  ) {}

  async bring(bundle: string, client: ProbeFiles | null): Promise<void> {
    const { hosts, knownHosts, identity } = this.fleet;
    const job = {
      ...{ knownHosts, identity, bundle, remote: REMOTE, atOnce: 50, client },
      hosts: hosts.map(({ address, sshPort, httpsPort }) => ({ address, sshPort, httpsPort })),
    };
    const program = path.join(repositoryRoot(), 'test/bench/peers/asyncssh_loop.py');
    await run(this.python, [program, this.fleet.file('asyncssh.json', JSON.stringify(job))]);
  }
}
