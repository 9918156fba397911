import type { Decision } from '../events.js';

/** Such as `go for wave 0 of expand`. */
export function decisionInWords(decision: Decision): string {
  switch (decision.kind) {
    case 'go':
      return `go for wave ${decision.wave} of ${decision.transition}`;
    case 'refuse':
      return `drop what was staged for ${decision.transition}`;
    case 'keep':
      return `keep ${decision.transition} on every host`;
    case 'revert':
      return `put every host back from ${decision.transition}`;
    case 'activate':
      return 'let the new CA issue';
    case 'contract':
      return 'drop the old CA';
  }
}
