import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { makeCa } from '#kit';
import { Random } from '../../libs/simulation/src/random.js';
import { RealTime } from '../faults/real-time.js';
import { Latencies, type Quantiles } from './latencies.js';
import { SimulatedHost } from './simulated-host.js';
import { SshService } from './ssh-service.js';
import { TlsService } from './tls-service.js';

export interface SimulatedFleetOptions {
  readonly hosts: number;
  /** What every host serves from its first moment. */
  readonly bundlePem: string;
  /** How long hosts take, by step; what is left out is answered at once. */
  readonly latencies?: Readonly<Record<string, Quantiles>>;
  readonly seed?: number;
  /** Of what the hosts themselves do beside: their pauses, and when a stuck reload is given up. */
  readonly random?: Random;
}

/** id-kp-serverAuth, RFC 5280 4.2.1.12 */
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
/** The first host is 127.64.0.0: no other tests listen there. */
const FIRST = 64;

/** Hosts that answer SSH, the messages of the host script, and TLS as nginx does, all in this process. */
export class SimulatedFleet {
  private constructor(
    readonly hosts: ReadonlyMap<string, SimulatedHost>,
    readonly ssh: SshService,
    readonly tls: TlsService,
    readonly ports: { readonly ssh: number; readonly https: number },
    readonly keys: { readonly hostKey: string; readonly privateKey: string },
  ) {}

  static async start(options: SimulatedFleetOptions): Promise<SimulatedFleet> {
    const { bundlePem, latencies = {}, seed = 1, random = new NoPauses(0) } = options;
    const keys = { host: newKey(), login: newKey() };
    const hosts = new Map<string, SimulatedHost>();
    const ca = await makeCa({ commonName: 'Test server CA' });
    const server = await ca.issueClient({ commonName: 'edge.test', extendedKeyUsages: [SERVER_AUTH] });
    const tlsService = new TlsService(hosts, server);
    const sshService = new SshService(
      hosts,
      { hostKey: keys.host.privateKey, authorizedKey: keys.login.publicKey },
      new Latencies(latencies, new Random(seed)),
    );
    const ports = { https: await tlsService.listen(), ssh: await sshService.listen() };
    const time = new RealTime();
    for (let index = 0; index < options.hosts; index += 1) {
      const address = addressOf(index);
      hosts.set(address, new SimulatedHost(address, bundlePem, time, random, ports.https));
    }
    const shown = { hostKey: keys.host.publicKey, privateKey: keys.login.privateKey };
    return new SimulatedFleet(hosts, sshService, tlsService, ports, shown);
  }

  /** Every connection is cut, no timer is left, and nginx starts with what lies there. */
  reboot(address: string): void {
    const host = this.hosts.get(address);
    host?.machine.powerOff();
    this.ssh.cut(address);
    host?.machine.powerOn();
  }

  async stop(): Promise<void> {
    await Promise.all([this.ssh.close(), this.tls.close()]);
  }
}

/** What a host takes for a step is drawn at its wire, from what real hosts took. */
class NoPauses extends Random {
  override between(): number {
    return 0;
  }
}

function addressOf(index: number): string {
  return `127.${FIRST + (index >> 16)}.${(index >> 8) & 255}.${index & 255}`;
}

/** An OpenSSH key pair; the public one without its comment. */
function newKey(): { readonly privateKey: string; readonly publicKey: string } {
  const folder = mkdtempSync(path.join(tmpdir(), 'windlass-key-'));
  try {
    const file = path.join(folder, 'key');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', file]);
    const publicKey = readFileSync(`${file}.pub`, 'utf8').split(' ').slice(0, 2).join(' ').trim();
    return { privateKey: readFileSync(file, 'utf8'), publicKey };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
