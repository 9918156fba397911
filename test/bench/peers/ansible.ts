import path from 'node:path';
import { repositoryRoot } from '#kit';
import type { Peer, PeerFleet, ProbeFiles } from './peer.js';
import { SWITCH } from './remote-script.js';
import { run } from './run.js';

/** Ansible: no facts, 50 forks, pipelining, connections that are kept, a rescue. */
export class Ansible implements Peer {
  readonly name = 'Ansible, 50 forks';
  private readonly inventory: string;

  constructor(private readonly fleet: PeerFleet) {
    const common = [`-o UserKnownHostsFile=${fleet.knownHosts}`, '-o StrictHostKeyChecking=yes'];
    const lines = fleet.hosts.map(
      ({ name, address, sshPort, httpsPort }) =>
        `${name} ansible_host=${address} ansible_port=${sshPort} https_port=${httpsPort}\n`,
    );
    const all = [
      '[all:vars]',
      ...['ansible_user=root', `ansible_ssh_private_key_file=${fleet.identity}`],
      `ansible_ssh_common_args='-F none ${common.join(' ')}'`,
      'ansible_python_interpreter=/usr/bin/python3',
    ];
    this.inventory = fleet.file('ansible/inventory.ini', `[all]\n${lines.join('')}\n${all.join('\n')}\n`);
  }

  async bring(bundle: string, client: ProbeFiles | null): Promise<void> {
    const given = this.fleet.file(
      'ansible/job.json',
      JSON.stringify({
        ...{ bundle: this.fleet.file('ansible/bundle.pem', bundle), switch: SWITCH },
        client: client ?? false,
      }),
    );
    const playbook = path.join(repositoryRoot(), 'test/bench/peers/rotate.yml');
    const home = path.dirname(this.inventory);
    await run('ansible-playbook', ['-i', this.inventory, '-e', `@${given}`, playbook], {
      cwd: home,
      env: {
        ...process.env,
        ...{ ANSIBLE_FORKS: '50', ANSIBLE_PIPELINING: 'True', ANSIBLE_GATHERING: 'explicit' },
        ANSIBLE_SSH_ARGS: '-o ControlMaster=auto -o ControlPersist=60s',
        ANSIBLE_SSH_CONTROL_PATH_DIR: path.join(home, 'cp'),
        ANSIBLE_LOCAL_TEMP: path.join(home, 'tmp'),
        ANSIBLE_RETRY_FILES_ENABLED: 'False',
      },
    });
  }
}
