import {
  type BundleFile,
  type ClientSightings,
  type ConfirmReport,
  HostGateway,
  type HostObservation,
  type HostOpenssl,
  type HostTarget,
  type HostToken,
  type OpensslAnswer,
  type Revocation,
  type SwitchReport,
} from '#engine';
import type { Network } from './network.js';
import { problem } from './problem.js';
import type { SimMachine } from './sim-machine.js';
import type { SimProcess } from './sim-process.js';

/** As the real gateway: a step that gives no answer for so long is taken for unreachable. */
const STEP_TIMEOUT_MS = 45_000;
const never = () => new Promise<never>(() => undefined);

/** SSH to the simulated hosts, as one process reaches them. */
export class SimGateway extends HostGateway {
  constructor(
    private readonly process: SimProcess,
    private readonly network: Network,
    private readonly hosts: ReadonlyMap<string, SimMachine>,
    private readonly revocation: Revocation = 'none',
  ) {
    super();
  }

  override observe(target: HostTarget): Promise<HostObservation> {
    return this.ask(target, 'observe', async (host) => observationOf(host, this.revocation));
  }

  /** There is none: certificates of the simulation are names. */
  override openssl(target: HostTarget): Promise<HostOpenssl | null> {
    return this.ask(target, 'openssl', async () => null);
  }

  override verify(target: HostTarget): Promise<OpensslAnswer> {
    return this.ask(target, 'verify', async (host) => {
      throw problem('host.no-openssl', `${host.id} has no openssl`);
    });
  }

  override clients(target: HostTarget): Promise<ClientSightings> {
    return this.ask(target, 'clients', async (host) => {
      throw problem('host.log-missing', `${host.id} keeps no log`);
    });
  }

  override tryBundle(target: HostTarget): Promise<void> {
    return this.ask(target, 'try', async (host) => {
      if (host.troubles.refusesBundles)
        throw problem('host.config-test-failed', `${host.id}: nginx -t fails`);
    });
  }

  override stage(
    t: HostTarget,
    token: HostToken,
    from: string,
    to: BundleFile,
    voteMs: number,
  ): Promise<void> {
    return this.ask(t, 'stage', (host) => host.scripts.stage(token, from, to, voteMs));
  }

  override commit(
    t: HostTarget,
    token: HostToken,
    from: string,
    to: string,
    deadlineMs: number | null,
  ): Promise<SwitchReport> {
    return this.ask(t, 'commit', (host) => host.scripts.commit(token, from, to, deadlineMs));
  }

  override renew(t: HostTarget, token: HostToken, to: string, deadlineMs: number): Promise<void> {
    return this.ask(t, 'renew', (host) => host.scripts.renew(token, to, deadlineMs));
  }

  override confirm(t: HostTarget, token: HostToken, to: string): Promise<ConfirmReport> {
    return this.ask(t, 'confirm', (host) => host.scripts.confirm(token, to));
  }

  override revert(t: HostTarget, token: HostToken, from: string, to: string): Promise<SwitchReport> {
    return this.ask(t, 'revert', (host) => host.scripts.revert(token, from, to));
  }

  override discard(t: HostTarget, token: HostToken): Promise<void> {
    return this.ask(t, 'discard', (host) => host.scripts.discard(token));
  }

  private ask<T>(target: HostTarget, step: string, run: (host: SimMachine) => Promise<T>): Promise<T> {
    const host = this.hosts.get(target.address);
    if (!host) throw new Error(`there is no simulated host at ${target.address}`);
    return this.network.ask(this.process, {
      label: `${host.id} ${step}`,
      to: host.id,
      timeoutMs: STEP_TIMEOUT_MS,
      onTimeout: () => problem('host.unreachable', `${host.id} gives no answer`, true),
      answer: () => (host.up ? run(host) : never()),
    });
  }
}

function observationOf(host: SimMachine, revocation: Revocation): HostObservation {
  const { state, deadline } = host;
  return {
    clock: new Date(host.time.now()).toISOString(),
    files: [{ path: '/etc/nginx/clients.pem', resolved: '/etc/nginx/clients.pem', digest: host.digest }],
    transaction: state && {
      ...state,
      armedForMs: deadline === null ? null : Math.max(0, deadline - host.monotonic()),
    },
    nginx: {
      ...{ version: '1.22.1', openssl: 'OpenSSL 3.0', masterPid: 1, configTestError: null },
      ...{
        workers: [{ pid: 100 + host.reloads, ageSeconds: 1, draining: false }],
        filesNewerThanWorkers: [],
      },
      configDump: revocation === 'crl' ? CONFIG.replace(/^.*ssl_client_.*$/m, `$&\n${SSL_CRL}`) : CONFIG,
    },
    freeBytes: 1 << 30,
    notWritable: [],
    trustFiles: {},
    liveContent: host.file,
  };
}

const SSL_CRL = '    ssl_crl /etc/nginx/clients.pem;';
const CONFIG = `# configuration file /etc/nginx/nginx.conf:
events {}
http {
  server {
    listen 8443 ssl;
    ssl_certificate /etc/nginx/server.pem;
    ssl_certificate_key /etc/nginx/server.key;
    ssl_client_certificate /etc/nginx/clients.pem;
    ssl_verify_client on;
    ssl_verify_depth 2;
  }
}
`;
