import { describe, expect, it } from 'vitest';
import type { Fleet } from '../../fleets/all-fleets.js';
import { STRATEGIES } from './strategies.js';
import { bodyOf, firstWish, missingFrom, needsName, sharingCa } from './wish.js';

const fleet = (id: string, ca: string) => ({ id, name: id, issuingCa: { id: ca } }) as unknown as Fleet;
const wish = { ...firstWish([fleet('b', 'ca')]), reason: ' yearly ' };

describe('what is asked for when a rotation is started', () => {
  it('has no field that the strategy does not read, because the API refuses those', () => {
    const filled = { ...wish, bundlePem: 'PEM', anchors: ['b0:3f'] };
    const asked = (strategy: (typeof STRATEGIES)[number]) => bodyOf('a', { ...filled, strategy });
    const same = { fleetId: 'a', reason: 'yearly' };
    expect(asked('overlap')).toEqual({ ...same, strategy: 'overlap', together: ['b'] });
    expect(asked('replace')).toEqual({ ...same, strategy: 'replace', bundlePem: 'PEM' });
    expect(asked('distrust')).toEqual({
      ...same,
      ...{ strategy: 'distrust', together: ['b'], anchors: ['b0:3f'] },
    });
    for (const strategy of ['sync', 'refresh', 'rehearse'] as const) {
      expect(asked(strategy)).toEqual({ ...same, strategy });
    }
  });

  it('names every other fleet of the same issuing CA at first, and no fleet of another', () => {
    const all = [fleet('a', 'ca'), fleet('b', 'ca'), fleet('c', 'other')];
    const sharing = sharingCa(fleet('a', 'ca'), all);
    expect(sharing.map(({ id }) => id)).toEqual(['b']);
    expect(firstWish(sharing).together).toEqual(['b']);
  });

  it('says what is missing', () => {
    expect(missingFrom(wish)).toBeNull();
    expect(missingFrom({ ...wish, strategy: 'replace' })).toContain('bundle');
    expect(missingFrom({ ...wish, strategy: 'distrust' })).toContain('anchors');
    const keyed = '-----BEGIN EC PRIVATE KEY-----\nMHcC\n';
    expect(missingFrom({ ...wish, strategy: 'replace', bundlePem: keyed })).toContain('private key');
    expect(missingFrom({ ...wish, strategy: 'distrust', anchors: ['b0'], reason: ' ' })).toContain('reason');
  });

  it('wants the name of the fleet before what has no way back', () => {
    expect(STRATEGIES.filter(needsName)).toEqual(['replace', 'distrust']);
  });
});
