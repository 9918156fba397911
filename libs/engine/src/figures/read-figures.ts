import type { ActiveRow, EndedRow, FigureStore, FleetRow } from '../ports/figure-store.js';
import type { QueueDepth, Wakeups } from '../ports/wakeups.js';
import { ActiveRotations, type RotationFigures } from './active-rotations.js';
import type { ReadServedTrust, ServedTrust } from './served-trust.js';

export interface FleetFigures extends Omit<FleetRow, 'generation' | 'revocation' | 'seenGenerationIds'> {
  readonly trust: ServedTrust;
  /** When it was last seen on every host that this is what they serve: by a rotation, or by a look for drift. */
  readonly trustSeenAt: number | null;
  readonly ended: readonly EndedRow[];
  /** The rotation that works on the fleet now. */
  readonly active: (ActiveRow & RotationFigures) | null;
}

/** The whole installation at one moment. */
export interface Figures {
  readonly fleets: readonly FleetFigures[];
  readonly lastLookAt: number | null;
  readonly workers: number;
  readonly queue: QueueDepth;
}

export interface FigureParts {
  readonly store: FigureStore;
  readonly wakeups: Pick<Wakeups, 'depth'>;
  readonly servedTrust: ReadServedTrust;
}

/** Reads what is measured of the whole installation: the same, whichever process asks and whatever restarted. */
export class ReadFigures {
  private readonly rotations: ActiveRotations;

  constructor(private readonly parts: FigureParts) {
    this.rotations = new ActiveRotations(parts.store);
  }

  /** Throws PortError `database.unreachable`, `queue.unreachable`. */
  async read(): Promise<Figures> {
    const { store, wakeups, servedTrust } = this.parts;
    const [rows, queue] = await Promise.all([store.rows(), wakeups.depth()]);
    const trust = await servedTrust(rows.fleets);
    const journals = await this.rotations.figures(rows.active);
    const fleets = rows.fleets.map((fleet) => {
      const active = rows.active.find(({ fleetId }) => fleetId === fleet.id);
      const told = active && journals.get(active.rotationId);
      const ended = rows.ended.filter(({ fleetId }) => fleetId === fleet.id);
      return {
        ...fleet,
        ...{
          trust: trust.get(fleet.id) ?? { anchors: [], crls: [] },
          trustSeenAt: seenAt(fleet, ended),
          ended,
        },
        active: active ? { ...active, blockedBy: [], oldCaClients: null, ...told } : null,
      };
    });
    return { fleets, queue, lastLookAt: rows.lastLookAt, workers: rows.workers };
  }
}

/** Every rotation that succeeded ended with every host observed. */
function seenAt({ drift, generation }: FleetRow, ended: readonly EndedRow[]): number | null {
  const looked = drift?.inSync && drift.generation === generation.number ? Date.parse(drift.at) : 0;
  const rotated = ended.find(({ status }) => status === 'succeeded')?.lastEndedAt ?? 0;
  return Math.max(looked, rotated) || null;
}
