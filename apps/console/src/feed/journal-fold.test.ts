import { describe, expect, it } from 'vitest';
import { replay } from '#rotation';
import { Rehearsal } from '../../../../libs/rotation/src/rehearsal.js';
import { JournalFold } from './journal-fold.js';

const HOSTS = Array.from({ length: 60 }, (_, index) => `h${index}`);
const waves = [HOSTS.slice(0, 1), HOSTS.slice(1)];

function journal() {
  const hostNames = Object.fromEntries(HOSTS.map((id) => [id, `host-${id}`]));
  const life = new Rehearsal(undefined, null, { waves, hostNames, batchSize: 60 });
  life.run();
  return life.entries;
}

const entries = journal();

function folded(pieces: number): JournalFold {
  const fold = new JournalFold();
  for (let from = 0; from < entries.length; from += pieces) fold.append(entries.slice(from, from + pieces));
  return fold;
}

describe('a journal that comes bit by bit', () => {
  it('amounts to the same, whatever it came in', () => {
    const whole = replay(entries);
    expect(whole?.ended?.status).toBe('succeeded');
    for (const pieces of [1, 7, 300, entries.length]) expect(folded(pieces).state).toEqual(whole);
  });

  it('shows the rotation as it was after any entry', () => {
    const fold = folded(40);
    for (const sequence of [1, 2, 249, 250, 251, 300, entries.length - 1, entries.length]) {
      expect(fold.at(sequence), `${sequence}`).toEqual(replay(entries.slice(0, sequence)));
    }
    expect(fold.at(entries.length + 5)).toBe(fold.state);
    expect(fold.at(0)).toBeNull();
  });

  it('knows every phase, also those that began and ended within one piece', () => {
    const phases = ['preflight', 'stage', 'expand', 'activate', 'soak', 'contract', 'done'];
    expect(folded(entries.length).phases.map(({ phase }) => phase)).toEqual(phases);
    expect(folded(1).phases).toEqual(folded(entries.length).phases);
  });

  it('leaves out what it knows already, as a stream that was broken may send it again', () => {
    const fold = folded(entries.length);
    fold.append(entries.slice(3, 9));
    expect(fold.entries).toHaveLength(entries.length);
  });

  it('takes nothing in behind a gap', () => {
    const fold = new JournalFold();
    fold.append(entries.slice(0, 5));
    expect(() => fold.append(entries.slice(6, 8))).toThrow('entry 6 is missing before 7');
    expect(fold.entries).toHaveLength(5);
  });
});
