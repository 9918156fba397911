import { type Append, Journal, type JournalEntry, type Lease } from '#engine';
import type { Scope } from '#rotation';
import { appendEntries, isNewest } from './append-entries.js';
import type { MemoryDatabase } from './memory-database.js';

/** The journal in memory; the errors are those of PostgreSQL's journal. */
export class MemoryJournal extends Journal {
  constructor(private readonly database: MemoryDatabase) {
    super();
  }

  override async append(append: Append): Promise<readonly JournalEntry[]> {
    return appendEntries(this.database, append);
  }

  override async read(
    rotationId: string,
    afterSequence = 0,
    most = Number.POSITIVE_INFINITY,
  ): Promise<readonly JournalEntry[]> {
    const entries = this.database.rotations.get(rotationId)?.entries ?? [];
    return entries.slice(afterSequence, afterSequence + most);
  }

  override async now(): Promise<number> {
    return this.database.now();
  }

  override async onAppend(rotationId: string, listener: () => void): Promise<() => Promise<void>> {
    const end = this.database.listen(rotationId, listener);
    return async () => end();
  }

  override async acquireLease(
    rotationId: string,
    scope: Scope,
    holder: string,
    ttlMilliseconds: number,
  ): Promise<Lease | null> {
    const rotation = this.database.rotation(rotationId);
    const now = this.database.now();
    const held = rotation.leases.get(scope);
    if (held !== undefined && held.holder !== null && held.expiresAt > now) return null;
    rotation.term += 1;
    const { term, epoch } = rotation;
    rotation.leases.set(scope, { holder, term, expiresAt: now + ttlMilliseconds });
    return { rotationId, scope, holder, term, installation: this.database.installation, epoch };
  }

  /** An expired lease that nobody took is still ours: its term is the newest. */
  override async renewLease(lease: Lease, ttlMilliseconds: number): Promise<boolean> {
    return this.rewrite(lease, lease.holder, this.database.now() + ttlMilliseconds);
  }

  override async releaseLease(lease: Lease): Promise<void> {
    this.rewrite(lease, null, this.database.now());
  }

  override async heldScopes(rotationId: string): Promise<ReadonlySet<Scope>> {
    const leases = this.database.rotations.get(rotationId)?.leases ?? [];
    const now = this.database.now();
    const held = [...leases].filter(([, { holder, expiresAt }]) => holder !== null && expiresAt > now);
    return new Set(held.map(([scope]) => scope));
  }

  /** False, and no change, where the lease is no longer its holder's. */
  private rewrite(lease: Lease, holder: string | null, expiresAt: number): boolean {
    const rotation = this.database.rotations.get(lease.rotationId);
    if (rotation?.leases.get(lease.scope)?.holder !== lease.holder) return false;
    if (!isNewest(this.database, rotation, lease)) return false;
    rotation.leases.set(lease.scope, { holder, term: lease.term, expiresAt });
    return true;
  }
}
