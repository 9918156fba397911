import { isHostEffect } from '../effects.js';
import type { EffectRecord, RotationState } from '../state.js';
import { between, inline, table } from './markdown.js';

/** The slowest hosts are named. */
const MOST_HOSTS = 10;

const AT_THE_CA: Readonly<Record<string, string>> = {
  'ca.withdraw': 'The new CA was withdrawn',
  'ca.fall-back': "Vault's default went back to the old CA",
};

/** What was undone, and how long each host took from the decision on; null where nothing was. */
export function rollbackSection(state: RotationState): string | null {
  const reverts = [...state.decisions.values()].flatMap(({ decision, at }) =>
    decision.kind === 'revert' ? [{ scope: `${decision.transition}.${decision.attempt}`, at }] : [],
  );
  const switches = reverts.map((revert) => backFrom(state, revert));
  const ca = [...state.effects.values()].flatMap(({ effect, status, begunAt, at }) => {
    const what = AT_THE_CA[effect.kind];
    if (what === undefined) return [];
    return status === 'done' ? [`${what} (${between(begunAt, at)}).`] : [`${what}: not yet.`];
  });
  const parts = [...switches, ...ca];
  return parts.length === 0 ? null : parts.join('\n\n');
}

function backFrom(
  state: RotationState,
  { scope, at: decidedAt }: { readonly scope: string; readonly at: string },
): string {
  const records = [...state.effects.values()].filter(
    ({ effect }) => effect.kind === 'host.prove-reverted' && effect.id.startsWith(`${scope}/`),
  );
  const back = records.filter(({ status }) => status === 'done').toSorted(slowestFirst);
  const rows = back.slice(0, MOST_HOSTS).map((record) => {
    return [inline(hostOf(state, record)), between(decidedAt, record.at)];
  });
  const missing = records.filter((record) => !back.includes(record)).map((record) => hostOf(state, record));
  const more = back.length - rows.length;
  return [
    `From ${scope.split('.')[0]}, decided at ${decidedAt}. Observed back on the old side, slowest first:`,
    '',
    table(['host', 'after'], rows),
    ...(more > 0 ? ['', `${more} more were faster.`] : []),
    ...(missing.length > 0 ? ['', `Not back: ${missing.map(inline).join(', ')}.`] : []),
  ].join('\n');
}

function slowestFirst(one: EffectRecord, other: EffectRecord): number {
  return Date.parse(other.at) - Date.parse(one.at);
}

function hostOf({ snapshot }: RotationState, { effect }: EffectRecord): string {
  return isHostEffect(effect) ? (snapshot.hostNames[effect.hostId] ?? effect.hostId) : effect.id;
}
