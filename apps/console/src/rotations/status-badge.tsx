import { StateBadge } from '../elements/state-badge.js';
import { type RotationStatus, STATUS_LOOKS } from './states.js';

export function StatusBadge({ status }: { readonly status: RotationStatus }) {
  const { glyph, tone } = STATUS_LOOKS[status];
  return (
    <StateBadge tone={tone} glyph={glyph}>
      {status}
    </StateBadge>
  );
}
