import { describe, expect, it } from 'vitest';
import type { Effect, StillTrusted } from './effects.js';
import { explain } from './explain.js';
import { Rehearsal } from './rehearsal.js';

/** A rotation that built generations which let somebody in that they should not. */
class WithGenerations extends Rehearsal {
  constructor(private readonly built: object) {
    super();
  }

  override perform(effect: Effect): void {
    if (effect.kind !== 'generations.build') {
      super.perform(effect);
      return;
    }
    const term = this.state.terms.get('coordinator') ?? 0;
    this.append({ type: 'effect.intended', effect, term });
    this.append({ type: 'effect.succeeded', effectId: effect.id, result: { ...this.built }, term });
  }
}

const mine: StillTrusted[] = [{ subject: 'CN=old', through: 'CN=policy' }];
const theirs: StillTrusted[] = [...mine, { subject: 'CN=old', through: 'CN=root' }];

describe('a CA that is let in through another one', () => {
  it('is named in the soak and in the last sentence, once for each way, with the next step', () => {
    const rehearsal = new WithGenerations({ stillTrusted: mine, otherFleets: [{ stillTrusted: theirs }] });
    const says =
      /Without CN=old .* because CN=policy, which signed it, stays\. Next: revoke CN=old .*because CN=root/;
    rehearsal.run(({ phase }) => phase === 'expand');
    expect(explain(rehearsal.state)).not.toContain('Without CN=old');
    rehearsal.run(({ phase }) => phase === 'soak');
    expect(explain(rehearsal.state)).toMatch(says);
    rehearsal.run();
    const told = explain(rehearsal.state);
    expect(told).toMatch(says);
    expect(told.match(/Without CN=old/g)).toHaveLength(2);
  });

  it('is not where nothing of the kind was built', () => {
    const rehearsal = new WithGenerations({});
    rehearsal.run();
    expect(explain(rehearsal.state)).not.toContain('Without');
  });
});
