import { blocksOf, IllegalEvent, type RotationState, reduceAll, usageVerdict } from '#rotation';
import type { ActiveRow, FigureStore } from '../ports/figure-store.js';

/** What only the journal of a rotation tells. */
export interface RotationFigures {
  /** Codes of what blocks it, each once. */
  readonly blockedBy: readonly string[];
  /** Clients that may still need the old CA, as they were counted last; null where nobody counted. */
  readonly oldCaClients: number | null;
}

const NOTHING: RotationFigures = { blockedBy: [], oldCaClients: null };

/** Follows the journals of rotations that stand still, and reads of each what is new. */
export class ActiveRotations {
  private states = new Map<string, RotationState>();
  /** Journals that this release cannot follow, and how long they were then. */
  private readonly unreadable = new Map<string, number>();

  constructor(private readonly store: Pick<FigureStore, 'entries'>) {}

  /** By rotation. One statement at most; none where nothing has changed. */
  async figures(active: readonly ActiveRow[]): Promise<ReadonlyMap<string, RotationFigures>> {
    const rotations = new Map(active.filter(standsStill).map((row) => [row.rotationId, row]));
    await this.follow([...rotations.values()]);
    return new Map([...rotations.keys()].map((id) => [id, figuresOf(this.states.get(id))]));
  }

  private async follow(rows: readonly ActiveRow[]): Promise<void> {
    const states = new Map(rows.flatMap(({ rotationId }) => this.known(rotationId)));
    const behind = rows.filter(
      ({ rotationId, version }) =>
        (states.get(rotationId)?.sequence ?? 0) < version && this.unreadable.get(rotationId) !== version,
    );
    const journals = behind.map(({ rotationId }) => ({
      rotationId,
      after: states.get(rotationId)?.sequence ?? 0,
    }));
    const news = journals.length === 0 ? new Map() : await this.store.entries(journals);
    for (const { rotationId, version } of behind) {
      try {
        const state = reduceAll(states.get(rotationId) ?? null, news.get(rotationId) ?? []);
        if (state !== null) states.set(rotationId, state);
      } catch (error) {
        if (!(error instanceof IllegalEvent)) throw error;
        this.unreadable.set(rotationId, version);
      }
    }
    this.states = states;
  }

  private known(rotationId: string): [string, RotationState][] {
    const state = this.states.get(rotationId);
    return state === undefined ? [] : [[rotationId, state]];
  }
}

/** The others say nothing that their row does not say. */
function standsStill({ status, phase }: ActiveRow): boolean {
  return status === 'blocked' || phase === 'soak';
}

function figuresOf(state: RotationState | undefined): RotationFigures {
  if (state === undefined) return NOTHING;
  return {
    blockedBy: [...new Set(blocksOf(state).map(({ reason }) => reason.code))],
    oldCaClients: usageVerdict(state)?.count ?? null,
  };
}
