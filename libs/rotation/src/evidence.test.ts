import { describe, expect, it } from 'vitest';
import { evidenceOf } from './evidence.js';
import { approvedBy, LIVES, live } from './lives.fixture.js';
import type { Rehearsal } from './rehearsal.js';

/** As far as it goes. */
function ended(life: Rehearsal): Rehearsal {
  life.run();
  return life;
}

describe('the evidence of a rotation', () => {
  it.each(LIVES.map((life, place) => [place, life] as const))(
    'has all of life %i, and nothing else',
    (_, life) => {
      const { entries, state } = ended(life());
      const evidence = evidenceOf(entries);
      expect(evidence).toMatchObject({ snapshot: state.snapshot, ended: state.ended });
      const ofType = (type: string) =>
        entries.filter(({ event }) => event.type === type).map(({ sequence }) => sequence);
      const steps = [...(evidence?.fleet ?? []), ...(evidence?.hosts.flatMap((host) => host.steps) ?? [])];
      expect(steps.map(({ sequence }) => sequence).toSorted((a, b) => a - b)).toEqual(
        ofType('effect.succeeded'),
      );
      expect(evidence?.failures.map(({ sequence }) => sequence)).toEqual(ofType('effect.failed'));
      expect(evidence?.decisions.map(({ sequence }) => sequence)).toEqual(ofType('decision.made'));
      expect(evidence?.wishes.map(({ sequence }) => sequence)).toEqual(
        entries.filter(({ event }) => 'by' in event).map(({ sequence }) => sequence),
      );
      expect(evidence?.phases.at(-1)?.phase).toBe(state.phase);
    },
  );

  it('is the same each time', () => {
    const { entries } = ended(live('overlap'));
    expect(JSON.stringify(evidenceOf(entries))).toBe(JSON.stringify(evidenceOf(structuredClone(entries))));
  });

  it('names who approved of which change', () => {
    const { entries, state } = approvedBy('ben');
    expect(evidenceOf(entries)?.wishes).toContainEqual(
      expect.objectContaining({ wish: 'contract.approved', by: 'ben', digest: state.approval?.digest }),
    );
  });

  it('puts what a host answered with the host', () => {
    const { entries } = ended(live('overlap'));
    for (const { hostId, name, steps } of evidenceOf(entries)?.hosts ?? []) {
      expect(name).toBe(`host-${hostId}`);
      expect(steps.length).toBeGreaterThan(0);
      for (const { effectId } of steps) expect(effectId).toMatch(new RegExp(`/${hostId}$`));
    }
  });

  it('of nothing is null', () => expect(evidenceOf([])).toBeNull());
});
