import { parseArgs } from 'node:util';
import { FAULT_NAMES, type FaultName } from '#simulation';

/** A command line that cannot be followed; the message says what would be right. */
export class UsageFault extends Error {}

export interface SimulateOptions {
  /** First seed. */
  readonly from: number;
  readonly count: number;
  /** Exactly these faults; drawn from each seed when left out. */
  readonly faults: readonly FaultName[] | undefined;
  /** Prints every message of the run; for one seed only. */
  readonly trace: boolean;
}

export const SIMULATE_USAGE = `windlass simulate: the real engine among simulated hosts, CA, database, queue and network

  windlass simulate --seeds 10000            that many worlds, each with what its seed has in store
  windlass simulate --seed 42                one world, again exactly as it was
  windlass simulate --seed 42 --trace        the same, with every message
  windlass simulate --seed 7 --fault worker-crash,host-deaf

  --from N   first seed of --seeds (1)
  faults: ${FAULT_NAMES.join(', ')}
`;

export const SIMULATE_OPTIONS = {
  seed: { type: 'string' },
  seeds: { type: 'string' },
  from: { type: 'string' },
  fault: { type: 'string' },
  trace: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

const DEFAULT_SEEDS = 100;

/** Throws {@link UsageFault}. */
export function readOptions(args: readonly string[]): SimulateOptions | 'help' {
  const { values } = parse(args);
  if (values.help) return 'help';
  const one = values.seed === undefined ? undefined : whole('seed', values.seed);
  if (one !== undefined && values.seeds !== undefined)
    throw new UsageFault('--seed and --seeds exclude each other');
  if (values.trace && one === undefined) throw new UsageFault('--trace needs --seed');
  return {
    from: one ?? whole('from', values.from ?? '1'),
    count: one === undefined ? whole('seeds', values.seeds ?? String(DEFAULT_SEEDS)) : 1,
    faults: values.fault === undefined ? undefined : faultsOf(values.fault),
    trace: values.trace ?? false,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: SIMULATE_OPTIONS,
    });
  } catch (error) {
    throw new UsageFault(error instanceof Error ? error.message : 'the arguments cannot be read');
  }
}

function whole(name: string, text: string): number {
  const value = Number(text);
  if (/^\d{1,9}$/.test(text) && value > 0) return value;
  throw new UsageFault(`--${name} must be a whole number above 0, not "${text}"`);
}

function faultsOf(text: string): readonly FaultName[] {
  const names = text.split(',').filter((name) => name !== '');
  const unknown = names.find((name) => !FAULT_NAMES.includes(name as FaultName));
  if (unknown === undefined) return names as FaultName[];
  throw new UsageFault(`there is no fault "${unknown}"; there are ${FAULT_NAMES.join(', ')}`);
}
