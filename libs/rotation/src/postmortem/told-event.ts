import type { RotationEvent } from '../events.js';
import type { RotationState } from '../state.js';
import { decisionInWords } from './decision-words.js';
import { inline } from './markdown.js';

/** What a decision, a wish or the end of it is in a timeline; null for what only workers need to know. */
export function toldEvent(event: RotationEvent, { snapshot }: RotationState): string | null {
  switch (event.type) {
    case 'rotation.requested':
      return `**${inline(snapshot.requestedBy)}** asked for it: ${inline(snapshot.reason)}`;
    case 'decision.made':
      return `**Decided**: ${decisionInWords(event.decision)}, because ${inline(event.because)}`;
    case 'rotation.paused':
      return `**${inline(event.by)}** paused it: ${inline(event.reason.message)}`;
    case 'rotation.resumed':
      return `**${inline(event.by)}** let it go on`;
    case 'retry.requested':
      return `**${inline(event.by)}** had it tried again at once`;
    case 'abort.requested':
      return `**${inline(event.by)}** asked for the way back: ${inline(event.because)}`;
    case 'gate.overridden':
      return `**${inline(event.by)}** overrode the gate: ${inline(event.because)}`;
    case 'contract.approved':
      return `**${inline(event.by)}** approved of the change of trust \`${event.digest.slice(0, 12)}\``;
    case 'host.decommissioned': {
      const host = snapshot.hostNames[event.hostId] ?? event.hostId;
      return `**${inline(event.by)}** gave up on ${inline(host)}: ${inline(event.because)}`;
    }
    case 'rotation.ended':
      return `**Ended**: ${event.status}`;
    default:
      return null;
  }
}
