import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TestFleet } from '#kit';

const CGROUPS = '/sys/fs/cgroup';

/** Where a kernel counts CPU by group, and how its figure reads: cgroup v1, and v2. */
const KINDS = [
  { hierarchy: 'cpuacct', file: 'cpuacct.usage', figure: /^(\d+)/, perSecond: 1e9 },
  { hierarchy: '', file: 'cpu.stat', figure: /^usage_usec (\d+)/m, perSecond: 1e6 },
] as const;

/** CPU of all processes of a fleet's hosts, those that have ended too. */
export class HostsCpu {
  private readonly kind: (typeof KINDS)[number] | undefined;

  constructor(fleet: TestFleet) {
    const pids = fleet.hosts.flatMap((host) => family(host.initPid()));
    this.kind = KINDS.find((kind) => enclose(pids, groupOf(kind), kind.file));
  }

  /** Null where this machine lets us make no cgroup. */
  seconds(): number | null {
    if (this.kind === undefined) return null;
    const { file, figure, perSecond } = this.kind;
    const [, used] = figure.exec(readFileSync(path.join(groupOf(this.kind), file), 'utf8')) ?? [];
    return Number(used) / perSecond;
  }

  /** The hosts must have stopped. */
  stop(): void {
    if (this.kind) rmdirSync(groupOf(this.kind));
  }
}

function groupOf({ hierarchy }: (typeof KINDS)[number]): string {
  return path.join(CGROUPS, hierarchy, `windlass-bench-${process.pid}`);
}

/** What is started later is counted where its parent is. False where this is no such cgroup. */
function enclose(pids: readonly number[], group: string, file: string): boolean {
  try {
    mkdirSync(group);
  } catch {
    return false;
  }
  if (!existsSync(path.join(group, file))) {
    rmdirSync(group);
    return false;
  }
  for (const pid of pids) writeFileSync(path.join(group, 'cgroup.procs'), String(pid));
  return true;
}

function family(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter(Boolean);
  return [pid, ...children.flatMap((child) => family(Number(child)))];
}
