import { describe, expect, it } from 'vitest';
import { audit, explain, hostViews, statusOf } from './index.js';
import { failing } from './lives.fixture.js';
import { Rehearsal } from './rehearsal.js';
import { blocksOf, hostsInTheWay } from './status.js';
import type { Strategy } from './vocabulary.js';

const lifeOf = (strategy: Strategy, answer?: Rehearsal['answer']) =>
  new Rehearsal(answer, null, { strategy, soakSeconds: 0 });
const phasesOf = ({ entries }: Rehearsal) =>
  entries.flatMap(({ event }) => (event.type === 'decision.made' ? [event.decision.kind] : []));
const caEffects = ({ performed }: Rehearsal) => performed.filter((id) => !id.includes('/host.'));
const served = ({ state }: Rehearsal) => hostViews(state).map(({ serving }) => serving);

describe('replace', () => {
  it('is one switch, asks the CA for nothing but a leaf, and ends when every host is proven and drained', () => {
    const life = lifeOf('replace');
    expect(statusOf(life.run())).toBe('succeeded');
    expect(phasesOf(life)).toEqual(['go', 'go', 'keep']);
    expect(caEffects(life)).toEqual(['ca.survey', 'generations.build', 'ca.old-leaf', 'samples.verify']);
    expect(life.performed.filter((id) => id.includes('drained'))).toHaveLength(3);
    expect(served(life)).toEqual(['new', 'new', 'new']);
    expect(explain(life.state)).toContain('all 3 hosts are observed on the new bundle');
    expect(audit(life.entries)).toEqual([]);
  });

  it('goes back whole when one host is not proven, and leaves the CA alone', () => {
    const life = lifeOf('replace', failing('expand.1/host.prove/c'));
    expect(statusOf(life.run())).toBe('reverted');
    expect(served(life)).toEqual(['old', 'old', 'old']);
    expect(life.performed).not.toContain('ca.withdraw');
    expect(audit(life.entries)).toEqual([]);
  });
});

describe('refresh', () => {
  it('is one switch, needs no CA, and is proven as any other', () => {
    const life = lifeOf('refresh');
    expect(statusOf(life.run())).toBe('succeeded');
    expect(phasesOf(life)).toEqual(['go', 'go', 'keep']);
    expect(caEffects(life)).toEqual(['generations.build', 'ca.witness', 'samples.verify']);
    expect(served(life)).toEqual(['new', 'new', 'new']);
    expect(explain(life.state)).toContain('all 3 hosts are observed with the CRLs of now');
    expect(audit(life.entries)).toEqual([]);
  });

  it('goes back whole when one host is not proven', () => {
    const life = lifeOf('refresh', failing('expand.1/host.prove/c'));
    expect(statusOf(life.run())).toBe('reverted');
    expect(served(life)).toEqual(['old', 'old', 'old']);
    expect(audit(life.entries)).toEqual([]);
  });
});

describe('sync', () => {
  it('needs no CA and no samples', () => {
    const life = lifeOf('sync');
    expect(statusOf(life.run())).toBe('succeeded');
    expect(caEffects(life)).toEqual(['ca.witness', 'generations.build']);
    expect(audit(life.entries)).toEqual([]);
  });

  it('is refused when a host cannot be looked at: no host touched', () => {
    const life = lifeOf('sync', failing('host.inspect/b'));
    expect(statusOf(life.run())).toBe('refused');
    expect(phasesOf(life)).toEqual(['refuse']);
  });
});

describe('rehearse', () => {
  it('trusts a canary, drops it again, and never touches the CA', () => {
    const life = lifeOf('rehearse');
    expect(statusOf(life.run())).toBe('succeeded');
    expect(phasesOf(life)).toEqual(['go', 'go', 'keep', 'contract', 'go', 'go', 'keep']);
    expect(caEffects(life)).toEqual([
      ...['ca.survey', 'canary.mint', 'generations.build', 'ca.old-leaf', 'samples.verify'],
      'contract.1/ca.check-retired',
    ]);
    expect(explain(life.state)).toContain('trusted a canary CA and dropped it again');
    expect(audit(life.entries)).toEqual([]);
  });

  it('asks no host for its vote before the CRLs of now are there, in every try', () => {
    const life = lifeOf('rehearse', failing('contract.1/ca.check-retired'));
    expect(statusOf(life.run())).toBe('paused');
    expect(life.performed.filter((id) => id.startsWith('contract.1/'))).toEqual([
      'contract.1/ca.check-retired',
    ]);
    life.append({ type: 'rotation.resumed', by: 'a person' });
    expect(statusOf(life.run())).toBe('succeeded');
    const second = life.performed.filter((id) => id.startsWith('contract.2/'));
    expect(second[0]).toBe('contract.2/ca.check-retired');
    expect(audit(life.entries)).toEqual([]);
  });

  it('that cannot drop the canary everywhere has it back everywhere, and waits for a person', () => {
    const life = lifeOf('rehearse', failing('contract.1/host.prove/b'));
    expect(statusOf(life.run())).toBe('paused');
    expect(served(life)).toEqual(['overlap', 'overlap', 'overlap']);
  });
});

describe('distrust', () => {
  it('decides for good before a host is looked at, and asks no host to wait for another', () => {
    const life = lifeOf('distrust');
    expect(statusOf(life.run())).toBe('succeeded');
    expect(phasesOf(life)).toEqual(['contract', 'keep']);
    expect(life.performed.some((id) => /host\.(stage|commit|revert|discard)/.test(id))).toBe(false);
    expect(served(life)).toEqual(['new', 'new', 'new']);
    expect(explain(life.state)).toContain(
      'no host trusts what was distrusted: all 3 are observed without it',
    );
    expect(audit(life.entries)).toEqual([]);
  });

  it.each(['expand.1/host.inspect/b', 'contract.1/host.confirm/b'])(
    'F47 %s fails for ever: the others are changed, it is blocked by name, nobody goes back',
    (id) => {
      const life = lifeOf('distrust', failing(id));
      life.run(({ sequence }) => sequence > 80);
      expect(statusOf(life.state)).toBe('blocked');
      expect(blocksOf(life.state).map(({ hostId }) => hostId)).toEqual(['b']);
      expect(served(life).filter((_, index) => index !== 1)).toEqual(['new', 'new']);
      expect(audit(life.entries)).toEqual([]);
      const giveUp = { type: 'host.decommissioned', hostId: 'b', by: 'person', because: 'gone' } as const;
      expect(hostsInTheWay(life.state)).toEqual(['b']);
      life.append(giveUp);
      expect(statusOf(life.run())).toBe('succeeded');
    },
  );

  it('F47 the CA is away: every host is changed, and it is not over before the CA was told', () => {
    const life = lifeOf('distrust', failing('ca.stop-issuing'));
    life.run(({ sequence }) => sequence > 80);
    expect([statusOf(life.state), blocksOf(life.state)[0]?.hostId]).toEqual(['blocked', null]);
    expect(served(life)).toEqual(['new', 'new', 'new']);
  });

  it('is carried on when a person pauses it, and too late to abort once it is decided', () => {
    const life = lifeOf('distrust');
    life.run(({ decisions }) => decisions.has('contract.1'));
    const reason = { code: 'c', message: 'm', nextStep: 'n' };
    life.append({ type: 'rotation.paused', by: 'person', reason });
    expect(() => life.append({ type: 'abort.requested', by: 'person', because: 'no' })).toThrow(/no place/);
    expect(statusOf(life.run())).toBe('succeeded');
  });

  it('I12 has no way back in the table', () => {
    const life = lifeOf('distrust');
    life.run(({ decisions }) => decisions.has('contract.1'));
    const revert = { kind: 'revert', transition: 'contract', attempt: 1 } as const;
    expect(() => life.append({ type: 'decision.made', decision: revert, because: '' })).toThrow(
      /no anchor is distrusted/,
    );
  });

  it('can be aborted before that, and then touches no host', () => {
    const life = lifeOf('distrust');
    life.append({ type: 'abort.requested', by: 'person', because: 'wrong CA' });
    expect(statusOf(life.run())).toBe('cancelled');
    expect(life.performed.some((id) => id.includes('host.'))).toBe(false);
  });
});
