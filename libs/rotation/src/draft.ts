import type { EffectRecord, RotationState } from './state.js';

type Effects = RotationState['effects'];

/**
 * Lets a fold of many entries copy the effects once and not once for each: what it has copied itself nobody else has
 * seen, so that it may go on writing there.
 */
export class Draft {
  private own: Map<string, EffectRecord> | null = null;

  /** `effects` with this record in it. */
  with(effects: Effects, record: EffectRecord): Effects {
    if (this.own === null || this.own !== effects) this.own = new Map(effects);
    return this.own.set(record.effect.id, record);
  }
}
