import type { TestHost } from '#kit';
import type { NewHost } from '#persistence';
import { newHost } from '../../fleet/installation.js';
import { type Relay, startRelay } from '../relay.js';

interface Paths {
  readonly ssh: Relay;
  readonly https: Relay;
}

/**
 * The ways by which Windlass reaches its hosts: what is cut there is lost to it without a word, no FIN and no RST, while
 * the host is well and a test still sees what it serves.
 */
export class HostPaths {
  private readonly paths = new Map<string, Paths>();

  /** The host as it is enrolled: at the near ends of its paths. */
  readonly enrol = async (host: TestHost): Promise<NewHost> => {
    const ssh = await startRelay(`tcp://${host.address}:${host.sshPort}`);
    const https = await startRelay(`tcp://${host.address}:${host.httpsPort}`);
    this.paths.set(host.name, { ssh, https });
    const enrolled = newHost(host);
    const probeTargets = enrolled.probeTargets.map((target) => ({ ...target, ...placeOf(https) }));
    return { ...enrolled, ...placeOf(ssh), probeTargets };
  };

  ssh(host: TestHost): Relay {
    return this.of(host).ssh;
  }

  cut(...hosts: readonly TestHost[]): void {
    for (const host of hosts) for (const path of Object.values(this.of(host))) path.cut();
  }

  mend(): void {
    for (const { ssh, https } of this.paths.values()) {
      ssh.mend();
      https.mend();
    }
  }

  async stop(): Promise<void> {
    for (const { ssh, https } of this.paths.values()) await Promise.all([ssh.stop(), https.stop()]);
  }

  private of({ name }: TestHost): Paths {
    const paths = this.paths.get(name);
    if (!paths) throw new RangeError(`${name} is not enrolled by way of here`);
    return paths;
  }
}

function placeOf({ url }: Relay): { address: string; port: number } {
  // Relays listen on loopback, whatever they lead to.
  return { address: '127.0.0.1', port: Number(new URL(url).port) };
}
