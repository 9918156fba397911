import { describe, expect, it } from 'vitest';
import { keyState } from './key-state.js';

const NOW = Date.parse('2026-11-29T12:00:00Z');

describe('a key', () => {
  it.each([
    [null, null, 'good'],
    [null, '2026-11-29T12:00:01Z', 'good'],
    [null, '2026-11-29T12:00:00Z', 'ended'],
    ['2026-11-28T00:00:00Z', null, 'revoked'],
    ['2026-11-28T00:00:00Z', '2026-11-29T00:00:00Z', 'revoked'],
  ])('that was revoked at %j and ends at %j is %s', (revokedAt, expiresAt, state) => {
    expect(keyState({ revokedAt, expiresAt }, NOW)).toBe(state);
  });
});
