import type { Effect } from '#rotation';
import { LARGEST_WAVE } from '../rotation-request.js';

/**
 * So many effects at once in this process: connections, memory and the journal are shared by all drives. A switch has
 * room of its own, for all of a wave, however large. It is one write to a channel that is open already, and the hosts of a wave that wait for it would
 * wait for the proofs of others: between the first host that switches and the last should be as little as can be.
 */
export class Room {
  private used = 0;
  private switching = 0;

  /** `places`: for all that is no switch. */
  constructor(private readonly places: number) {}

  /** Takes places for the first of them and says for which; each is to be given back. */
  take<Some extends Pick<Effect, 'kind'>>(wanted: readonly Some[]): readonly Some[] {
    return wanted.filter((effect) => {
      if (isSwitch(effect)) {
        if (this.switching >= LARGEST_WAVE) return false;
        this.switching += 1;
        return true;
      }
      if (this.used >= this.places) return false;
      this.used += 1;
      return true;
    });
  }

  give(effect: Pick<Effect, 'kind'>): void {
    if (isSwitch(effect)) this.switching -= 1;
    else this.used -= 1;
  }
}

/** Whether the effect lets a host switch behind the `go` of its wave. */
export function isSwitch({ kind }: Pick<Effect, 'kind'>): boolean {
  return kind === 'host.commit';
}
