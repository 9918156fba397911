import { useNow } from '../elements/now.js';
import { StateBadge } from '../elements/state-badge.js';
import { daysUntil, expiryInWords, expiryLook } from './expiry.js';

/** How long something is good still, with the day when it is pointed at. */
export function ExpiryBadge({ at }: { readonly at: string | null }) {
  const now = useNow();
  const days = at === null ? null : daysUntil(at, now);
  const { tone, glyph } = expiryLook(days);
  return (
    <span title={at === null ? undefined : new Date(at).toLocaleString()}>
      <StateBadge tone={tone} glyph={glyph}>
        {expiryInWords(days)}
      </StateBadge>
    </span>
  );
}
