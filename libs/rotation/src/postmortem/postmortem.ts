import { explain } from '../explain.js';
import type { ReducibleEntry } from '../reduce.js';
import type { RotationState } from '../state.js';
import { statusOf } from '../status.js';
import { Chronicle, type Failure } from './chronicle.js';
import { hostSection } from './host-section.js';
import { between, inline, quoted, table } from './markdown.js';
import { nextSection } from './next-section.js';
import { rollbackSection } from './rollback-section.js';
import { trustSection } from './trust-section.js';

/** Lines of a timeline; of more the middle is left out. */
const MOST_LINES = 200;

/**
 * What became of a rotation, as Markdown for an incident: made of its journal alone, so that the same journal gives
 * the same text. Null for a journal without entries. Throws IllegalEvent for one that no release wrote.
 */
export function postmortem(entries: readonly ReducibleEntry[]): string | null {
  const chronicle = new Chronicle(entries);
  const { state, failures, timeline, phases } = chronicle;
  if (state === null) return null;
  const rollback = rollbackSection(state);
  const sections: readonly (readonly [heading: string, text: string])[] = [
    ['Summary', `${facts(state)}\n\n${paragraphs(explain(state))}`],
    ['What failed first', firstFailure(failures)],
    ['What to do next', nextSection(state, failures)],
    ['Trust', trustSection(state)],
    ['Hosts', hostSection(state, failures)],
    ...(rollback === null ? [] : [['What was rolled back', rollback] as const]),
    ['Timeline', timelineTable(timeline, state.requestedAt)],
    ['Phases', phaseTable(phases, state)],
  ];
  const { fleetName, strategy } = state.snapshot;
  const title = `# Rotation of ${inline(fleetName)} (${strategy}): ${statusOf(state)}`;
  return `${[title, ...sections.map(([heading, text]) => `## ${heading}\n${text}`)].join('\n\n')}\n`;
}

function facts(state: RotationState): string {
  const { snapshot, requestedAt, updatedAt, ended } = state;
  const { rotationId, waves, otherFleets, requestedBy, reason, traceparent } = snapshot;
  const took = between(requestedAt, ended?.at ?? updatedAt);
  return table(
    ['what', ''],
    [
      ['rotation', `\`${rotationId}\``],
      ['fleets', [snapshot, ...otherFleets].map(({ fleetName }) => inline(fleetName)).join(', ')],
      ['hosts', `${waves.flat().length} in ${waves.length} waves, the first is the canary`],
      ['asked for by', `${inline(requestedBy)}, ${requestedAt}`],
      ['because', inline(reason)],
      [
        'outcome',
        ended ? `${ended.status}, ${ended.at}, after ${took}` : `${statusOf(state)}, ${took} so far`,
      ],
      ...(traceparent === undefined ? [] : [['trace', `\`${traceparent.split('-')[1]}\``]]),
    ],
  );
}

function paragraphs(text: string): string {
  return text.split('\n').map(inline).join('\n\n');
}

function firstFailure(failures: readonly Failure[]): string {
  const [first] = failures;
  if (first === undefined) return 'Nothing failed.';
  const { at, host, effect, phase, reason } = first;
  const where = host === null ? 'at the CA or in our records' : `on **${inline(host)}**`;
  const more = failures.length - 1;
  return [
    `${at}, ${where}, in phase ${phase}, at \`${effect.kind}\`: \`${reason.code}\``,
    '',
    `> ${inline(reason.message)}`,
    ...(reason.detail ? ['', quoted(reason.detail)] : []),
    ...(more > 0 ? ['', `${more} more ${more === 1 ? 'try' : 'tries'} failed after it.`] : []),
  ].join('\n');
}

function timelineTable(told: Chronicle['timeline'], start: string): string {
  const half = MOST_LINES / 2;
  const left = told.length - MOST_LINES;
  const rows = told.map(({ at, what }) => [at, between(start, at), what]);
  const shown =
    left > 0
      ? [...rows.slice(0, half), ['...', '', `${left} lines are left out`], ...rows.slice(-half)]
      : rows;
  return table(['time', 'after', 'what'], shown);
}

function phaseTable(phases: Chronicle['phases'], { updatedAt }: RotationState): string {
  const rows = phases.map(({ phase, at }, place) => [
    phase,
    at,
    phase === 'done' ? '-' : between(at, phases[place + 1]?.at ?? updatedAt),
  ]);
  return table(['phase', 'began', 'took'], rows);
}
