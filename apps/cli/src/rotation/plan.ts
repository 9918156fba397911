import type { components } from '#api-client';
import { columns } from '../server/show.js';

type Reason = components['schemas']['Reason'];

/** What a rotation would do, as `POST /v1/rotations?dryRun=true` says it. */
export interface RotationPlan {
  readonly strategy: string;
  readonly fleets: readonly {
    readonly fleetId: string;
    readonly fleetName: string;
    /** Number of the generation that it serves now. */
    readonly generation: number | { readonly number: number };
    readonly anchorsNow: readonly string[];
    readonly anchorsThen: readonly string[];
  }[];
  readonly waves: readonly (readonly {
    readonly hostId: string;
    readonly name: string;
    readonly fleetId: string;
  }[])[];
  readonly phases: readonly { readonly phase: string; readonly does: string }[];
  /** In words; null where it is known only once the new CA is there. */
  readonly trustDiff: string | null;
  /** What would keep it from starting. */
  readonly blocks: readonly Reason[];
  readonly warnings: readonly string[];
}

/** The plan as people read it: first what changes, then where, in which order, and what speaks against it. Pure. */
export function planText(plan: RotationPlan): string {
  const { strategy, fleets, waves, phases, trustDiff, blocks, warnings } = plan;
  return [
    `${strategy} of ${fleets.map(({ fleetName }) => fleetName).join(', ')}`,
    ...fleets.flatMap(fleetLines),
    ...(trustDiff === null || trustDiff === '' ? [] : ['', `  ${trustDiff.replaceAll('\n', '\n  ')}`]),
    '',
    ...waves.map((hosts, wave) => waveLine(hosts, wave)),
    '',
    ...columns(phases.map(({ phase, does }) => [phase, does]))
      .split('\n')
      .map((line) => `  ${line}`.trimEnd()),
    ...section('Warnings', warnings),
    ...section(
      'It would not start',
      blocks.map(({ message, nextStep }) => `${message} Next: ${nextStep}`),
    ),
  ].join('\n');
}

/** A trust diff: what stays, what goes and what comes. */
function fleetLines({
  fleetName,
  generation,
  anchorsNow,
  anchorsThen,
}: RotationPlan['fleets'][number]): string[] {
  const number = typeof generation === 'number' ? generation : generation.number;
  const kept = anchorsNow.filter((anchor) => anchorsThen.includes(anchor));
  const gone = anchorsNow.filter((anchor) => !anchorsThen.includes(anchor));
  const come = anchorsThen.filter((anchor) => !anchorsNow.includes(anchor));
  return [
    '',
    `  ${fleetName} trusts now, as generation ${number}, and then:`,
    ...kept.map((anchor) => `    = ${anchor}`),
    ...gone.map((anchor) => `    - ${anchor}`),
    ...come.map((anchor) => `    + ${anchor}`),
  ];
}

const MOST_NAMES = 8;

function waveLine(hosts: RotationPlan['waves'][number], wave: number): string {
  const names = hosts.slice(0, MOST_NAMES).map(({ name }) => name);
  const more = hosts.length - names.length;
  return `  wave ${wave}${wave === 0 ? ' (canary)' : ''}: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `  ${line}`)];
}
