import { readdirSync } from 'node:fs';
import type { JournalEntry } from '#engine';
import type { SshHostGateway } from '#host';
import type { TestFleet } from '#kit';
import { type Cost, difference, type Meter } from './cpu.js';
import type { WindlassFleet } from './windlass-fleet.js';

/** The parts of a transition: the entry with which each ends, and what the time goes to. */
const PARTS = [
  [
    'go 0',
    'every host is connected, staged, tested with its real configuration, and votes: until here none is touched',
  ],
  ['go 1', 'the canary alone is switched, proven and probed, before anybody else'],
  ['keep', 'the others are switched, each with its way back armed, proven (no old worker serves) and probed'],
  ['confirm', 'one decision for all, and each host gives up its way back and shows the new bundle again'],
] as const;

export interface Part {
  readonly what: string;
  readonly cost: Cost;
}

export interface Round {
  readonly cost: Cost;
  readonly parts: readonly Part[];
  /** Seconds between the renames of the first and the last host of the wave behind the canary, by the clock that the hosts share here. */
  readonly renamed: number;
  /** Seconds between the reports of the first and the last host of that wave, with its reload proven. */
  readonly live: number;
}

const NOTHING: Cost = { wall: 0, client: 0, database: 0, hosts: 0 };

/** From the first stage to the last confirm of the expand, with connecting, journal, votes, proofs and probes. */
export async function windlassRound(
  windlass: WindlassFleet,
  fleet: TestFleet,
  begin: () => Meter,
): Promise<Round> {
  const { hosts, journal } = windlass.installation.parts;
  const { stage } = hosts;
  const { append } = journal;
  const ends = new Map<string, Cost>();
  let meter: Meter | null = null;
  let fresh: Promise<void> | null = null;
  let renamed: readonly number[] = [];
  let confirmed = 0;
  hosts.stage = async (...args) => {
    meter ??= begin();
    // What preflight connected is not given away for nothing.
    fresh ??= (hosts as SshHostGateway).close();
    await fresh;
    return stage.apply(hosts, args);
  };
  journal.append = async (entries) => {
    const written = await append.call(journal, entries);
    for (const name of written.flatMap(endOf)) {
      if (name === 'confirm') confirmed += 1;
      // Reading the meter takes time, which is ours: once at each end.
      if (!meter || (name === 'confirm' && confirmed < fleet.hosts.length)) continue;
      ends.set(name, meter.read());
      if (name === 'confirm') renamed = fleet.hosts.map(renamedAt);
    }
    return written;
  };
  try {
    const live = spread(commitTimes(await windlass.rotate()).slice(1)) / 1000;
    return { ...partsOf(ends), live, renamed: spread(renamed.toSorted((a, b) => a - b).slice(1)) / 100 };
  } finally {
    Object.assign(hosts, { stage });
    Object.assign(journal, { append });
  }
}

/** The part that ends with the entry, if any. */
function endOf({ event }: JournalEntry): string[] {
  if (event.type === 'effect.succeeded') {
    return event.effectId.startsWith('expand.1/host.confirm/') ? ['confirm'] : [];
  }
  if (event.type !== 'decision.made' || !('transition' in event.decision)) return [];
  const { decision } = event;
  if (decision.transition !== 'expand') return [];
  return [decision.kind === 'go' ? `go ${decision.wave}` : decision.kind];
}

function partsOf(ends: ReadonlyMap<string, Cost>): { cost: Cost; parts: Part[] } {
  let last = NOTHING;
  const parts = PARTS.flatMap(([end, what]) => {
    const now = ends.get(end);
    if (!now) return [];
    const part = { what, cost: difference(now, last) };
    last = now;
    return [part];
  });
  return { cost: last, parts };
}

/** Hundredths of a second since boot at which the host had renamed its last file, as its `state` says. */
function renamedAt(host: TestFleet['hosts'][number]): number {
  const [fleetId = ''] = readdirSync(host.outside('var/lib/windlass'));
  const records = host.readFile(`var/lib/windlass/${fleetId}/state`).match(/^renamed \d+$/gm) ?? [];
  return Number(records.at(-1)?.slice('renamed '.length));
}

/** In milliseconds since the epoch, first of all that of the canary. */
function commitTimes(journal: readonly JournalEntry[]): number[] {
  return journal
    .filter(
      ({ event }) => event.type === 'effect.succeeded' && event.effectId.startsWith('expand.1/host.commit/'),
    )
    .map(({ at }) => Date.parse(at));
}

function spread(values: readonly number[]): number {
  return values.length === 0 ? 0 : Math.max(...values) - Math.min(...values);
}
