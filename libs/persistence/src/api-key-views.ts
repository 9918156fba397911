import { PortError, type Role } from '#engine';
import type { ApiKeyEntity } from './entities/api-key.entity.js';

/** What a key can be confined to. */
export interface KeyBounds {
  /** Null: all fleets, those to come among them, and what belongs to none. */
  readonly fleetIds: readonly string[] | null;
  /** From then on it opens nothing; null: never. */
  readonly expiresAt: Date | null;
  /** Actor that whoever uses the key is recorded as, beside other ways in; null: the key is one of its own. */
  readonly person: string | null;
}

export interface ApiKeyView extends KeyBounds {
  readonly id: string;
  readonly role: Role;
  readonly label: string;
  readonly createdAt: Date;
  /** To the minute. */
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
}

/** A key that was made just now: its text is kept nowhere. */
export interface NewApiKey extends ApiKeyView {
  readonly key: string;
}

/** A key as somebody came with it, by the clock of the database. */
export interface FoundApiKey extends ApiKeyView {
  readonly expired: boolean;
}

export function toApiKeyView(row: ApiKeyEntity): ApiKeyView {
  const { id, role, label, fleetIds, person, createdAt, expiresAt, lastUsedAt, revokedAt } = row;
  return { id, role, label, fleetIds, person, createdAt, expiresAt, lastUsedAt, revokedAt };
}

export function labelTaken(label: string): PortError {
  return new PortError({
    code: 'api-key.label-taken',
    message: `There is an API key with the label ${label} already.`,
    nextStep: 'Take another label, or revoke the key that has it.',
  });
}

export function lastAdmin(label: string): PortError {
  return new PortError({
    code: 'api-key.last-admin',
    message: `The API key ${label} is the last one of an admin of the whole installation.`,
    nextStep: 'Make another such key first: nobody could make keys without one.',
  });
}
