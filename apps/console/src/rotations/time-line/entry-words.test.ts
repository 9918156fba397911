import { describe, expect, it } from 'vitest';
import { LIVES, statesOf } from '../../../../../libs/rotation/src/lives.fixture.js';
import { Rehearsal } from '../../../../../libs/rotation/src/rehearsal.js';
import { EFFECT_WORDS } from './effect-words.js';
import { entryWords, partsOf } from './entry-words.js';

const NAMES = { a: 'host-a', b: 'host-b', c: 'host-c' };

describe('the words of the time line', () => {
  it('are there for every entry of every life, with the names of hosts and no ids', () => {
    for (const make of LIVES) {
      const life = make();
      statesOf(life);
      for (const entry of life.entries) {
        const { what } = entryWords(entry, NAMES);
        expect(what, JSON.stringify(entry.event)).toMatch(/^\S.*[^:]$/);
        expect(what).not.toMatch(/undefined|\bhost\.|\bca\.|\/[abc]\b/);
      }
    }
  });

  it('say why a host failed, and what to do', () => {
    const life = new Rehearsal((effect) => (effect.id.includes('host.stage/b') ? 'fails' : 'ok'));
    life.run();
    const failed = life.entries.find(({ event }) => event.type === 'effect.failed');
    expect(failed && entryWords(failed, NAMES)).toEqual({
      ...{ topic: 'failures', glyph: '✖', tone: 'bad', what: 'host-b: stage and test the bundle' },
      more: 'expand.1/host.stage/b failed Next: look',
    });
  });

  it('say which wave may go', () => {
    const life = new Rehearsal();
    life.run();
    const words = life.entries.map((entry) => entryWords(entry, NAMES).what);
    expect(words).toContain('Go: expand, canary');
    expect(words).toContain('Go: contract, wave 1');
    expect(words).toContain('Decided: keep (expand)');
    expect(words.at(-1)).toBe('Ended: succeeded');
  });

  it('know every kind of effect by its id', () => {
    for (const kind of Object.keys(EFFECT_WORDS)) {
      const onHost = kind.startsWith('host.');
      expect(partsOf(onHost ? `expand.1/${kind}/h` : `activate.1/${kind}`)).toEqual({
        kind,
        hostId: onHost ? 'h' : null,
      });
    }
    expect(partsOf('ca.survey')).toEqual({ kind: 'ca.survey', hostId: null });
  });
});
