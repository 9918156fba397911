/** `intent`: before a request takes effect. `outcome`: how it ended. `event`: what Windlass did by itself. */
export const AUDIT_STAGES = ['intent', 'outcome', 'event'] as const;
export type AuditStage = (typeof AUDIT_STAGES)[number];

/** `refused`: nothing was changed. `failed`: it broke, and how far it got is not known here. */
export const AUDIT_OUTCOMES = ['succeeded', 'refused', 'failed'] as const;
export type AuditOutcome = (typeof AUDIT_OUTCOMES)[number];

export type AuditDetail = string | number | boolean | null | readonly string[];

/** What is recorded, before it has a place in the chain. Never a secret, and nothing of a body but its field names. */
export interface AuditFact {
  /** UUID; a repeat after a lost answer is known by it. */
  readonly id: string;
  readonly stage: AuditStage;
  /** Who, such as `api-key:<id>`, `schedule:<id>` or `windlass`. */
  readonly actor: string;
  /** As people know the actor. */
  readonly actorLabel: string | null;
  /** The role that the actor had then. */
  readonly actorRole: string | null;
  /** The operationId of the route, or a dotted name of what Windlass does by itself. */
  readonly operation: string;
  /** What it was done to, such as `fleet:<id>` and `host:<id>`. */
  readonly subjects: readonly string[];
  readonly requestId: string | null;
  /** Why, in the words of whoever asked. */
  readonly reason: string | null;
  /** Where the request came from, as the server saw it. */
  readonly address: string | null;
  /** Null for an intent. */
  readonly outcome: AuditOutcome | null;
  readonly details: Readonly<Record<string, AuditDetail>>;
}

/** One link of the chain. */
export interface AuditEntry extends AuditFact {
  /** 1, 2, 3, ... without gaps. */
  readonly number: number;
  /** RFC 3339 UTC with milliseconds, by the clock of the database. */
  readonly at: string;
  /** Hash of the entry before; {@link GENESIS} for the first. */
  readonly previousHash: string;
  /** Lower-case hex SHA-256; see {@link hashOf}. */
  readonly hash: string;
}

/** Where the chain ends: how many entries it has, and the hash of the last. */
export interface AuditHead {
  readonly count: number;
  readonly hash: string;
}

/** What the first entry names as the one before it. */
export const GENESIS = '0'.repeat(64);
