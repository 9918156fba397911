import { describe, expect, it } from 'vitest';
import { explain } from './explain.js';
import { Rehearsal } from './rehearsal.js';
import { statusOf } from './status.js';

const CHECK = 'contract.1/ca.check-retired';

describe('before the old CA is dropped', () => {
  it('the CA is looked at, before any host is asked', () => {
    const { state, performed } = runWith(() => 'ok');
    expect(statusOf(state)).toBe('succeeded');
    const hostSteps = performed.flatMap((id, index) => (id.startsWith('contract.1/host.') ? [index] : []));
    expect(performed.indexOf(CHECK)).toBeGreaterThan(0);
    expect(performed.indexOf(CHECK)).toBeLessThan(Math.min(...hostSteps));
  });

  it('somebody let the old one issue again: no host is asked, paused until a person goes on', () => {
    const rehearsal = runWith((id) => (id === CHECK ? 'fails' : 'ok'));
    expect(statusOf(rehearsal.state)).toBe('paused');
    expect(rehearsal.state.phase).toBe('soak');
    expect(explain(rehearsal.state)).toContain(`${CHECK} failed`);
    expect(rehearsal.performed.filter((id) => id.startsWith('contract.'))).toEqual([CHECK]);
    rehearsal.append({ type: 'rotation.resumed', by: 'a person' });
    expect(statusOf(rehearsal.run())).toBe('succeeded');
    expect(rehearsal.state.attempt.contract).toBe(2);
  });

  it('a CA that does not answer is asked again and again, blocks meanwhile, and needs nobody', () => {
    const seen = new Set<string>();
    const rehearsal = new Rehearsal(({ id }, attempt) => (id === CHECK && attempt < 9 ? 'transient' : 'ok'));
    rehearsal.run((state) => {
      seen.add(statusOf(state));
      return false;
    });
    expect([...seen]).toContain('blocked');
    expect([...seen]).not.toContain('paused');
    expect(statusOf(rehearsal.state)).toBe('succeeded');
    expect(rehearsal.state.attempt.contract).toBe(1);
  });
});

function runWith(answer: (id: string) => 'ok' | 'fails'): Rehearsal {
  const rehearsal = new Rehearsal(({ id }) => answer(id));
  rehearsal.run();
  return rehearsal;
}
