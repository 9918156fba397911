import { readdirSync, readFileSync } from 'node:fs';

const LOOK_EVERY_MS = 100;
const KILOBYTE = 1024;

/**
 * The most memory in bytes that an orchestrator had at once: of this process, or of its children and theirs. The test
 * hosts are children too, and are left out.
 */
export class PeakMemory {
  private readonly timer = setInterval(() => this.look(), LOOK_EVERY_MS);
  private peak = 0;

  constructor(
    private readonly whose: 'own' | 'children',
    private readonly others: ReadonlySet<number>,
  ) {
    this.look();
  }

  stop(): number {
    this.look();
    clearInterval(this.timer);
    return this.peak;
  }

  private look(): void {
    const pids = this.whose === 'own' ? [process.pid] : descendants(process.pid, this.others).slice(1);
    this.peak = Math.max(
      this.peak,
      pids.map(residentBytes).reduce((sum, bytes) => sum + bytes, 0),
    );
  }
}

/** Children of this process from before: hosts, databases. */
export function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) => {
    try {
      return readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8')
        .split(' ')
        .filter(Boolean)
        .map(Number);
    } catch {
      return [];
    }
  });
}

function descendants(pid: number, others: ReadonlySet<number>): number[] {
  try {
    const children = childrenOf(pid).filter((child) => !others.has(child));
    return [pid, ...children.flatMap((child) => descendants(child, others))];
  } catch {
    return [];
  }
}

/** Proportional: what processes share counts once in all. */
function residentBytes(pid: number): number {
  try {
    const [, kilobytes] = /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')) ?? [];
    return Number(kilobytes ?? 0) * KILOBYTE;
  } catch {
    return 0;
  }
}
