import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { AuditEntry, AuditFact, AuditHead } from './entry.js';

/**
 * SHA-256 of the entry without its hash, in the one form that RFC 8785 allows. The hash of the entry before is part of
 * it, so that none can be changed, taken out or moved without all that follow.
 */
export function hashOf({ hash: _, ...entry }: Omit<AuditEntry, 'hash'> & { hash?: string }): string {
  return createHash('sha256').update(canonicalJson(entry)).digest('hex');
}

/** RFC 8785. Throws for what JSON cannot say, such as a lone surrogate. */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('this cannot be said in JSON');
  return text;
}

/** The facts as the next links behind `head`, all of one moment. */
export function linked(facts: readonly AuditFact[], head: AuditHead, at: string): readonly AuditEntry[] {
  const entries: AuditEntry[] = [];
  for (const fact of facts) {
    const before = entries.at(-1);
    const link = {
      ...fact,
      number: (before?.number ?? head.count) + 1,
      at,
      previousHash: before?.hash ?? head.hash,
    };
    entries.push({ ...link, hash: hashOf(link) });
  }
  return entries;
}
