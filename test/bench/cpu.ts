import { readdirSync, readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100;

/** Seconds of CPU that were used up to now. */
export interface CpuTimes {
  /** By this process and its children that have ended: the orchestrator. */
  readonly ours: number;
  /** By the processes of PostgreSQL that still run. */
  readonly database: number;
  /** By the whole machine. */
  readonly all: number;
}

/** Fields 14 to 17 of /proc/PID/stat (proc(5)): the process, and its children that have ended. */
function ticksOf(stat: string, from: number, to: number): number {
  const words = stat.slice(stat.lastIndexOf(') ') + 2).split(' ');
  return words.slice(from, to).reduce((sum, ticks) => sum + Number(ticks), 0);
}

function databaseTicks(): number {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .reduce((sum, pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        return stat.includes('(postgres)') ? sum + ticksOf(stat, 11, 13) : sum;
      } catch {
        return sum;
      }
    }, 0);
}

export function cpuTimes(): CpuTimes {
  const ours = ticksOf(readFileSync('/proc/self/stat', 'utf8'), 11, 15) / TICKS_PER_SECOND;
  const [cpu = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
  const [user, nice, system, , , irq, softirq] = cpu.split(/\s+/).slice(1).map(Number);
  const all = (user ?? 0) + (nice ?? 0) + (system ?? 0) + (irq ?? 0) + (softirq ?? 0);
  return { ours, database: databaseTicks() / TICKS_PER_SECOND, all: all / TICKS_PER_SECOND };
}

/** What one run cost in seconds: wall time, and CPU of the orchestrator, of its database, and of everything else on the machine. */
export interface Cost {
  readonly wall: number;
  readonly client: number;
  readonly database: number;
  readonly hosts: number;
}

export class Meter {
  private readonly cpu = cpuTimes();
  private readonly at = performance.now();

  read(): Cost {
    const now = cpuTimes();
    const client = now.ours - this.cpu.ours;
    const database = now.database - this.cpu.database;
    const hosts = now.all - this.cpu.all - client - database;
    return { wall: (performance.now() - this.at) / 1000, client, database, hosts };
  }
}
