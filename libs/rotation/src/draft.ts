import { isHostEffect } from './effects.js';
import type { EffectRecord, RotationState, Tally } from './state.js';

/**
 * Lets a fold of many entries copy the tally once and not once for each: what it has copied itself nobody else has
 * seen, so that it may go on writing there.
 */
export class Draft {
  private own: Own | null = null;

  /** The effects of `state` with this record in them. */
  with(
    state: Pick<RotationState, 'effects' | 'tally' | 'trails'>,
    record: EffectRecord,
  ): Pick<RotationState, 'effects' | 'tally' | 'trails'> {
    const { id } = record.effect;
    const tally = this.copyOf(state.tally);
    const before = state.effects.get(id);
    move(tally.running, id, record.status === 'running');
    move(tally.failing, id, record.failingSince !== null);
    const more = Number(record.status === 'done') - Number(before?.status === 'done');
    if (more !== 0 && isHostEffect(record.effect)) {
      const step = stepOf(id);
      tally.done.set(step, more + (tally.done.get(step) ?? 0));
    }
    const effects = state.effects.with(id, record);
    return { effects, tally, trails: trailsWith(state.trails, record, before === undefined) };
  }

  private copyOf({ running, failing, done }: Tally): Own {
    if (this.own === null || this.own.running !== running) {
      this.own = { running: new Set(running), failing: new Set(failing), done: new Map(done) };
    }
    return this.own;
  }
}

interface Own extends Tally {
  readonly running: Set<string>;
  readonly failing: Set<string>;
  readonly done: Map<string, number>;
}

function trailsWith(
  trails: RotationState['trails'],
  { effect }: EffectRecord,
  isNew: boolean,
): RotationState['trails'] {
  if (!isHostEffect(effect)) return trails;
  const { effects = [] } = trails.get(effect.hostId) ?? {};
  return trails.with(effect.hostId, { effects: isNew ? [...effects, effect.id] : effects });
}

function move(ids: Set<string>, id: string, isIn: boolean): void {
  if (isIn) ids.add(id);
  else ids.delete(id);
}

/** `expand.1/host.stage` of `expand.1/host.stage/<host>`. */
function stepOf(id: string): string {
  return id.slice(0, id.lastIndexOf('/'));
}
