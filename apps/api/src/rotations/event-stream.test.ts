import { describe, expect, it } from 'vitest';
import { redact } from '#platform';
import { describeRotation, replay } from '#rotation';
import { LIVES, statesOf } from '../../../../libs/rotation/src/lives.fixture.js';
import { shownEntry } from './event-stream.js';
import { Rotation } from './rotation-schemas.js';

describe('a journal as it is streamed', () => {
  it('is whole, however deep its entries are', () => {
    const stillTrusted = [{ subject: 'CN=old', through: 'CN=root' }];
    const result = { otherFleets: [{ fleetId: 'f2', stillTrusted }] };
    const entry = { sequence: 7, at: '2026-11-29T00:00:00Z', event: { type: 'effect.succeeded', result } };
    expect(shownEntry(entry)).toEqual(entry);
  });

  it.each(LIVES.map((life, place) => [place, life] as const))(
    'folds to the reply, life %i',
    (_place, make) => {
      const life = make();
      const state = statesOf(life).at(-1);
      const streamed = replay(JSON.parse(JSON.stringify(life.entries.map(shownEntry))));
      const reply = state && redact(describeRotation(state));
      expect(streamed && redact(describeRotation(streamed))).toEqual(reply);
      expect(Rotation.shape.status.parse(streamed && describeRotation(streamed).status)).toBe(
        state && describeRotation(state).status,
      );
    },
  );
});
