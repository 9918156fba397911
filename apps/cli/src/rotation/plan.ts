import type { components } from '#api-client';
import { columns } from '../server/show.js';

/** A CA whose clients are let in. */
export type Anchor = components['schemas']['Fleet']['anchors'][number];

/** What a rotation would do, as `POST /v1/rotations?dryRun=true` says it. */
export type RotationPlan = components['schemas']['RotationPlan'];

/** The plan as people read it: first what changes, then where, in which order, and what speaks against it. Pure. */
export function planText(plan: RotationPlan): string {
  const { strategy, fleets, waves, phases, trustDiff, blocks, warnings } = plan;
  return [
    `${strategy} of ${fleets.map(({ fleetName }) => fleetName).join(', ')}`,
    ...(trustDiff === null ? [] : [`  ${trustDiff.replaceAll('\n', '\n  ')}`]),
    ...fleets.flatMap(fleetLines),
    '',
    ...waves.map(waveLine),
    '',
    ...columns(phases.map(({ phase, does }) => [phase, does]))
      .split('\n')
      .map((line) => `  ${line}`.trimEnd()),
    ...section('Warnings', warnings),
    ...section(
      'It would be refused',
      blocks.map(({ message, nextStep }) => `${message} Next: ${nextStep}`),
    ),
  ].join('\n');
}

/** One line for each, with what a distrust calls it. */
export function anchorLines(anchors: readonly Anchor[]): string[] {
  return anchors.map(({ id, subject, notAfter }) => `${subject} (${id}), until ${notAfter}`);
}

function fleetLines(fleet: RotationPlan['fleets'][number]): string[] {
  const { fleetName, generation, anchorsNow, anchorsThen } = fleet;
  return [
    '',
    `  ${fleetName} trusts now, with generation ${generation.number}:`,
    ...anchorLines(anchorsNow).map((line) => `    ${line}`),
    '  and in the end:',
    `    ${anchorsThen}`,
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
