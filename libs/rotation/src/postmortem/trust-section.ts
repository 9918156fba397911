import { trustDiffOf } from '../approval.js';
import { type BuiltGenerations, fleetsOf, generationsFor } from '../fleets.js';
import { type RotationState, resultOf } from '../state.js';
import { inline, table } from './markdown.js';

/** What was to change for clients, and the CA. */
export function trustSection(state: RotationState): string {
  const rows = fleetsOf(state.snapshot).map(({ fleetId, fleetName, old }) => {
    // A rotation that was refused early has none.
    const built: Partial<BuiltGenerations> | null = generationsFor(state, fleetId);
    return [
      inline(fleetName),
      String(old.number),
      String(built?.overlap?.number ?? 'not built'),
      String(built?.next?.number ?? 'not built'),
      inline(trustDiffOf(state, fleetId) ?? 'not known: it ended before that was worked out'),
    ];
  });
  const head = ['fleet', 'old generation', 'overlap', 'new', 'what changes for clients'];
  const prepared = resultOf(state, 'ca.prepare');
  const ca = prepared?.subject
    ? `\n\nNew CA: ${inline(prepared.subject)}, until ${prepared.notAfter ?? 'unknown'}.`
    : '';
  return `${table(head, rows)}${ca}`;
}
