import path from 'node:path';
import { repositoryRoot } from '#kit';
import type { Peer, PeerFleet, ProbeFiles } from './peer.js';
import { REMOTE } from './remote-script.js';
import { run } from './run.js';

/** pyinfra: one `server.shell` with the bundle on its stdin, the client by `python.call`, 50 at once. */
export class Pyinfra implements Peer {
  readonly name = 'pyinfra, 50 at once';
  private readonly inventory: string;

  constructor(
    private readonly fleet: PeerFleet,
    private readonly python: string,
  ) {
    const data = ({ sshPort, address, httpsPort }: PeerFleet['hosts'][number]) => ({
      ...{ ssh_hostname: address, ssh_port: sshPort, ssh_user: 'root', ssh_key: fleet.identity },
      ...{ ssh_known_hosts_file: fleet.knownHosts, https_port: httpsPort },
    });
    const hosts = fleet.hosts.map(
      (host) => `    (${JSON.stringify(host.name)}, ${JSON.stringify(data(host))}),\n`,
    );
    this.inventory = fleet.file('pyinfra/inventory.py', `hosts = [\n${hosts.join('')}]\n`);
  }

  async bring(bundle: string, client: ProbeFiles | null): Promise<void> {
    const given = {
      ...{ bundle: this.fleet.file('pyinfra/bundle.pem', bundle), remote: REMOTE },
      ...(client ?? { certificateFile: null, keyFile: null }),
    };
    const deploy = path.join(repositoryRoot(), 'test/bench/peers/pyinfra_deploy.py');
    const job = this.fleet.file('pyinfra/job.json', JSON.stringify(given));
    const args = ['-y', '--parallel', '50', '--no-wait', '--fail-percent', '0', this.inventory, deploy];
    await run(this.python, ['-m', 'pyinfra', ...args], {
      cwd: path.dirname(this.inventory),
      env: { ...process.env, BENCH_JOB: job },
    });
  }
}
