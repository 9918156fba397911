import type { SealedBox } from '#platform';
import type { QueuePlace } from '#queue';
import type { Timing } from '#rotation';
import type { SimCa } from '../../libs/simulation/src/sim-ca.js';
import type { SimMachine } from '../../libs/simulation/src/sim-machine.js';
import type { QuickNetwork, RealTime } from './real-time.js';

/** What all processes of a rig share. */
export interface RigParts {
  readonly time: RealTime;
  readonly network: QuickNetwork;
  readonly ca: SimCa;
  readonly byAddress: ReadonlyMap<string, SimMachine>;
  readonly box: SealedBox;
  readonly queue: QueuePlace;
  /** Instead of the usual minutes. */
  readonly options: { readonly timing?: Timing };
}
