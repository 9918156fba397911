import { StateBadge } from '../elements/state-badge.js';
import { HOST_LOOKS, type HostState } from './host-state.js';

export function HostBadge({ state }: { readonly state: HostState }) {
  const { tone, glyph, word } = HOST_LOOKS[state];
  return (
    <StateBadge tone={tone} glyph={glyph}>
      {word}
    </StateBadge>
  );
}
