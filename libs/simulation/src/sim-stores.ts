import {
  type Append,
  type Fleet,
  FleetStore,
  type Generation,
  type IssuedLeaf,
  Journal,
  type JournalEntry,
  type LeafRole,
  type Lease,
  RotationStore,
} from '#engine';
import type { RotationStatus, Scope } from '#rotation';
import type { Network } from './network.js';
import { problem } from './problem.js';
import type { SimProcess } from './sim-process.js';

const TIMEOUT_MS = 5_000;
/** As PostgreSQL's adapter does: a write whose COMMIT went unanswered is tried again under its own name. */
const WRITE_TRIES = 3;

/** How one process reaches the database. */
export class DatabaseLink {
  constructor(
    private readonly process: SimProcess,
    private readonly network: Network,
  ) {}

  ask<T>(label: string, answer: () => Promise<T>): Promise<T> {
    return this.network.ask(this.process, {
      ...{ label: `database ${label}`, to: 'database', timeoutMs: TIMEOUT_MS, answer },
      onTimeout: () => problem('database.unreachable', 'the simulated database does not answer', true),
    });
  }

  /** Done once however often it is asked for (F09). */
  async settle<T>(label: string, answer: () => Promise<T>): Promise<T> {
    let landed: Promise<T> | null = null;
    const once = () => {
      landed ??= answer();
      return landed;
    };
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.ask(label, once);
      } catch (error) {
        if (attempt >= WRITE_TRIES || !isUnreachable(error)) throw error;
      }
    }
  }

  /** A hint to this process, as late and as likely to be lost as any message. */
  hint(listener: () => void): () => void {
    return () => {
      if (!this.network.path(this.process.name, 'database').cut) this.process.deliver(listener);
    };
  }
}

function isUnreachable(error: unknown): boolean {
  return (
    error instanceof Error &&
    'problem' in error &&
    (error.problem as { code: string }).code === 'database.unreachable'
  );
}

export class SimJournal extends Journal {
  constructor(
    private readonly link: DatabaseLink,
    private readonly journal: Journal,
  ) {
    super();
  }

  override append(append: Append): Promise<readonly JournalEntry[]> {
    const what = append.events.map(({ type }) => type).join('+');
    return this.link.settle(`append ${what}`, () => this.journal.append(append));
  }

  override read(rotationId: string, afterSequence?: number, most?: number): Promise<readonly JournalEntry[]> {
    return this.link.ask('read', () => this.journal.read(rotationId, afterSequence, most));
  }

  override now(): Promise<number> {
    return this.link.ask('now', () => this.journal.now());
  }

  override onAppend(rotationId: string, listener: () => void): Promise<() => Promise<void>> {
    return this.journal.onAppend(rotationId, this.link.hint(listener));
  }

  override acquireLease(
    rotationId: string,
    scope: Scope,
    holder: string,
    ttl: number,
  ): Promise<Lease | null> {
    return this.link.ask('lease', () => this.journal.acquireLease(rotationId, scope, holder, ttl));
  }

  override renewLease(lease: Lease, ttl: number): Promise<boolean> {
    return this.link.ask('renew', () => this.journal.renewLease(lease, ttl));
  }

  override releaseLease(lease: Lease): Promise<void> {
    return this.link.ask('release', () => this.journal.releaseLease(lease));
  }

  override heldScopes(rotationId: string): Promise<ReadonlySet<Scope>> {
    return this.link.ask('held', () => this.journal.heldScopes(rotationId));
  }
}

export class SimFleetStore extends FleetStore {
  constructor(
    private readonly link: DatabaseLink,
    private readonly store: FleetStore,
  ) {
    super();
  }

  override fleet(fleetId: string, hostIds?: readonly string[]): Promise<Fleet> {
    return this.link.ask('fleet', () => this.store.fleet(fleetId, hostIds));
  }

  override fleetsOn(issuingCaId: string): Promise<readonly { id: string; name: string }[]> {
    return this.link.ask('fleets of a CA', () => this.store.fleetsOn(issuingCaId));
  }

  override addGeneration(
    fleetId: string,
    bundle: { content: string; digest: string; marker: string | null },
  ): Promise<Generation> {
    return this.link.ask('add generation', () => this.store.addGeneration(fleetId, bundle));
  }

  override nextGenerationNumber(fleetId: string): Promise<number> {
    return this.link.ask('generation number', () => this.store.nextGenerationNumber(fleetId));
  }

  override generation(generationId: string): Promise<Generation> {
    return this.link.ask('generation', () => this.store.generation(generationId));
  }
}

export class SimRotationStore extends RotationStore {
  constructor(
    private readonly link: DatabaseLink,
    private readonly store: RotationStore,
  ) {
    super();
  }

  override installation(): Promise<string> {
    return this.link.ask('installation', () => this.store.installation());
  }

  override nextEpoch(): Promise<number> {
    return this.link.ask('epoch', () => this.store.nextEpoch());
  }

  override raiseEpoch(epoch: number): Promise<void> {
    return this.link.ask('raise epoch', () => this.store.raiseEpoch(epoch));
  }

  override create(...rotation: Parameters<RotationStore['create']>): Promise<void> {
    return this.link.settle('create', () => this.store.create(...rotation));
  }

  override refuseHeld(...locks: Parameters<RotationStore['refuseHeld']>): Promise<void> {
    return this.link.ask('refuse held', () => this.store.refuseHeld(...locks));
  }

  override active(): Promise<readonly string[]> {
    return this.link.ask('active', () => this.store.active());
  }

  override summary(rotationId: string): Promise<{ fleetId: string; status: RotationStatus } | null> {
    return this.link.ask('summary', () => this.store.summary(rotationId));
  }

  override replaceLeaf(rotationId: string, role: LeafRole, leaf: IssuedLeaf): Promise<void> {
    return this.link.ask('replace leaf', () => this.store.replaceLeaf(rotationId, role, leaf));
  }

  override saveLeaf(rotationId: string, role: LeafRole, leaf: IssuedLeaf): Promise<void> {
    return this.link.ask('save leaf', () => this.store.saveLeaf(rotationId, role, leaf));
  }

  override leaf(rotationId: string, role: LeafRole): Promise<IssuedLeaf | null> {
    return this.link.ask('leaf', () => this.store.leaf(rotationId, role));
  }
}
