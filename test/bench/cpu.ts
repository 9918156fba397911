import { readdirSync, readFileSync } from 'node:fs';
import type { HostsCpu } from './hosts-cpu.js';

const TICKS_PER_SECOND = 100;
const NANOSECONDS = 1e9;
const MICROSECONDS = 1e6;

/** What one run cost in seconds: wall time, and CPU of the orchestrator, of its database, and of the hosts. */
export interface Cost {
  readonly wall: number;
  /** Of this process and its children that have ended: `ssh` and `curl` of the loop. */
  readonly client: number;
  readonly database: number;
  /** Null where the machine has no cgroup to count them in. */
  readonly hosts: number | null;
}

/** Counts what one fleet and one database use. What else runs on the machine makes all of it slower, and is not counted. */
export class Meter {
  private readonly from: Cost;

  constructor(
    private readonly hosts: HostsCpu,
    private readonly database: string,
  ) {
    this.from = this.total();
  }

  read(): Cost {
    return difference(this.total(), this.from);
  }

  private total(): Cost {
    return {
      wall: performance.now() / 1000,
      client: ourSeconds(),
      database: databaseSeconds(this.database),
      hosts: this.hosts.seconds(),
    };
  }
}

export function difference(a: Cost, b: Cost): Cost {
  return {
    wall: a.wall - b.wall,
    client: a.client - b.client,
    database: a.database - b.database,
    hosts: a.hosts === null || b.hosts === null ? null : a.hosts - b.hosts,
  };
}

function ourSeconds(): number {
  const { user, system } = process.cpuUsage();
  // Fields 16 and 17 (proc(5)): children that have ended. The name before them may hold a space.
  const stat = readFileSync('/proc/self/stat', 'utf8');
  const [children = 0, inKernel = 0] = stat
    .slice(stat.lastIndexOf(') ') + 2)
    .split(' ')
    .slice(13, 15)
    .map(Number);
  return (user + system) / MICROSECONDS + (children + inKernel) / TICKS_PER_SECOND;
}

/** By pid: a backend that has ended was busy all the same. */
const backends = new Map<string, number>();

/** Of the backends of one database, as their titles name it: its server has others, of tests that run meanwhile. */
export function databaseSeconds(database: string): number {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const title = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      if (!title.startsWith('postgres: ') || !title.includes(` ${database} `)) continue;
      const [used] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ');
      backends.set(pid, Number(used) / NANOSECONDS);
    } catch {
      // It ended between two looks.
    }
  }
  return [...backends.values()].reduce((sum, seconds) => sum + seconds, 0);
}
