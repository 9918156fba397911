import type { ProbeAnswer, SessionKind } from '../ports/probe.js';
import type { Secret } from '../ports/secret.js';

/** A session that a client of the CA on its way out had before the switch. */
export interface SavedSession {
  readonly kind: SessionKind;
  /** In words: the kind, and which other server of the socket gave it. */
  readonly given: string;
  /** What it got with it at the probe target, before the switch. */
  readonly before: ProbeAnswer;
  readonly session: Secret;
}

/** What was saved at one probe target. */
export interface SavedAtTarget {
  readonly sessions: readonly SavedSession[];
  /** Where there is nothing to prove: one clause each, such as `no TLS 1.3 ticket (none is given)`. */
  readonly without: readonly string[];
}

/** Hosts of a few rotations; one that is not asked for again has no need of its own. */
const HOSTS_KEPT = 4_096;

/**
 * Sessions live here and nowhere else: whoever has one comes back as that client, so none is written down, and all
 * of them end with the process.
 */
export class SavedSessions {
  private readonly byHost = new Map<string, ReadonlyMap<string, SavedAtTarget>>();

  /** `targets`: by label. What was saved for this host before is older, and replaced. */
  keep(rotationId: string, hostId: string, targets: ReadonlyMap<string, SavedAtTarget>): void {
    const key = `${rotationId} ${hostId}`;
    this.byHost.delete(key);
    const [oldest] = this.byHost.keys();
    if (oldest !== undefined && this.byHost.size >= HOSTS_KEPT) this.byHost.delete(oldest);
    this.byHost.set(key, targets);
  }

  /** Null when this process saved none there: another one did, and ended. */
  at(rotationId: string, hostId: string, target: string): SavedAtTarget | null {
    return this.byHost.get(`${rotationId} ${hostId}`)?.get(target) ?? null;
  }

  forget(rotationId: string, hostId: string): void {
    this.byHost.delete(`${rotationId} ${hostId}`);
  }
}
