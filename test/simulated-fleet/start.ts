import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { setPriority, tmpdir } from 'node:os';
import path from 'node:path';
import { projectPath } from '#platform';
import { announced, stopped } from '../kit/announced-process.js';
import { MANAGED_PATH, SERVER_NAME } from './simulated-host.js';

/** One simulated host, with what it takes to enrol it. */
export interface EnrolledHost {
  readonly name: string;
  readonly address: string;
  readonly sshPort: number;
  readonly httpsPort: number;
  readonly user: string;
  readonly hostKey: string;
  readonly privateKey: string;
  readonly managedPath: string;
  readonly serverName: string;
}

/** What the fleet saw so far. */
export interface FleetFigures {
  /** On which the host script runs, now and at most at once. */
  readonly channels: number;
  readonly mostChannels: number;
  readonly handshakes: number;
  /** Messages, by step. */
  readonly steps: Readonly<Record<string, number>>;
}

export interface SimulatedHosts {
  readonly pid: number;
  readonly hosts: readonly EnrolledHost[];
  look(): Promise<FleetFigures>;
  stop(): Promise<void>;
}

export interface SimulatedHostsOptions {
  readonly hosts: number;
  /** What every host serves from its first moment. */
  readonly bundlePem: string;
  /** Of the latencies that are drawn. */
  readonly seed?: number;
  /** `real`: each step takes as long as real hosts took for it; `none`: it is answered at once. */
  readonly pace?: 'real' | 'none';
}

interface Announcement {
  readonly addresses: readonly string[];
  readonly ports: { readonly ssh: number; readonly https: number };
  readonly keys: { readonly hostKey: string; readonly privateKey: string };
}

/** Hosts are machines of their own: what they do here must not be waited for by whoever is measured. */
const NICENESS = 10;

/** Starts a fleet in a process of its own, which ends with this one. Needs the compiled `dist`. */
export async function startSimulatedHosts(options: SimulatedHostsOptions): Promise<SimulatedHosts> {
  const { hosts: count, bundlePem, seed = 1, pace = 'real' } = options;
  const folder = mkdtempSync(path.join(tmpdir(), 'windlass-simulated-'));
  const bundle = path.join(folder, 'bundle.pem');
  writeFileSync(bundle, bundlePem);
  const program = projectPath('dist/test/simulated-fleet/main.js');
  const child = spawn(process.execPath, [program, `${count}`, bundle, `${seed}`, pace], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  if (child.pid !== undefined) setPriority(child.pid, NICENESS);
  const { addresses, ports, keys } = await announced<Announcement>(child, 'the simulated fleet');
  return {
    pid: child.pid ?? 0,
    hosts: addresses.map((address, index) => ({
      ...{ name: `host-${index + 1}`, address, sshPort: ports.ssh, httpsPort: ports.https, user: 'root' },
      ...{ ...keys, managedPath: MANAGED_PATH, serverName: SERVER_NAME },
    })),
    look: async () => {
      child.send('look');
      const [figures] = await once(child, 'message');
      return figures as FleetFigures;
    },
    stop: async () => {
      await stopped(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
