import { describe, expect, it } from 'vitest';
import { replay } from '#rotation';
import { failing, live } from '../../../../../libs/rotation/src/lives.fixture.js';
import { Rehearsal } from '../../../../../libs/rotation/src/rehearsal.js';
import { JournalFold } from '../../feed/journal-fold.js';
import { phaseSteps, phasesOf } from './phase-steps.js';

function steps(life: Rehearsal, upTo = life.entries.length) {
  const fold = new JournalFold();
  fold.append(life.entries);
  const state = replay(life.entries.slice(0, upTo));
  if (state === null) throw new Error('no entry');
  return phaseSteps(state, fold.phases, Date.parse(state.updatedAt));
}

const run = (life: Rehearsal) => {
  life.run();
  return life;
};
const inWords = (all: ReturnType<typeof steps>) => all.map(({ phase, state }) => `${phase} ${state}`);

describe('the phases as steps', () => {
  it('are those of the strategy', () => {
    expect(phasesOf('sync')).toEqual(['preflight', 'stage', 'expand', 'done']);
    expect(phasesOf('rehearse')).toEqual(['preflight', 'stage', 'expand', 'soak', 'contract', 'done']);
    expect(phasesOf('distrust')).toEqual(['preflight', 'contract', 'done']);
    expect(phasesOf('overlap')).toHaveLength(7);
  });

  it('say where it is and what is ahead, and took as long as all of it together', () => {
    const life = new Rehearsal();
    life.run(({ phase }) => phase === 'expand');
    expect(inWords(steps(life))).toEqual([
      ...['preflight past', 'stage past', 'expand now'],
      ...['activate ahead', 'soak ahead', 'contract ahead', 'done ahead'],
    ]);
    run(life);
    const ended = steps(life);
    expect(ended.every(({ state }) => state === 'past')).toBe(true);
    const sum = ended.reduce((total, { tookMs }) => total + (tookMs ?? 0), 0);
    expect(sum).toBe(life.now - Date.parse(life.entries[0]?.at ?? ''));
  });

  it('say which were never reached when it ended before', () => {
    const refused = run(new Rehearsal(failing('host.inspect/b')));
    expect(inWords(steps(refused))).toContain('expand skipped');
  });

  it('count a soak twice after a contract that failed', () => {
    const life = run(live('rehearse', 'contract.1/host.prove/c'));
    const soak = steps(life).find(({ phase }) => phase === 'soak');
    expect(soak).toMatchObject({ state: 'now', visits: 2 });
  });

  it('are those of the time that is looked back at', () => {
    const life = run(new Rehearsal());
    expect(inWords(steps(life, 5))[0]).toBe('preflight now');
    expect(
      inWords(steps(life, 5))
        .slice(1)
        .every((one) => one.endsWith('ahead')),
    ).toBe(true);
  });
});
