import { type AuditEntry, type AuditHead, GENESIS } from './entry.js';
import { hashOf } from './hash.js';

/** The first thing that is wrong with a chain. */
export interface ChainFault {
  /** Number of the entry at fault; of the first that is missing where some are. */
  readonly number: number;
  readonly kind: 'changed' | 'missing' | 'reordered' | 'unlinked' | 'truncated' | 'other-history';
  readonly message: string;
}

/** Goes along a chain, entry by entry, and remembers the first fault. */
export class ChainCheck {
  private head: AuditHead = { count: 0, hash: GENESIS };
  private found: ChainFault | null = null;

  /** @param expected a head that was seen before and kept elsewhere: the one thing that shows a tail cut off */
  constructor(private readonly expected: AuditHead | null = null) {}

  get fault(): ChainFault | null {
    return this.found;
  }

  /** The next entry, in the order that they are stored in. */
  take(entry: AuditEntry): void {
    if (this.found) return;
    this.found = this.faultOf(entry);
    this.head = { count: entry.number, hash: entry.hash };
    const { expected } = this;
    if (this.found || expected?.count !== entry.number || expected.hash === entry.hash) return;
    this.found = otherHistory(expected);
  }

  /** Behind the last entry. `recorded` is the head as the store keeps it; null where there is none, as in an export. */
  end(recorded: AuditHead | null): { readonly head: AuditHead; readonly fault: ChainFault | null } {
    this.found ??= this.againstRecorded(recorded) ?? this.againstExpected();
    return { head: this.head, fault: this.found };
  }

  private faultOf(entry: AuditEntry): ChainFault | null {
    const { number } = entry;
    const due = this.head.count + 1;
    if (number > due) return missing(due, number);
    if (number < due) return reordered(number, due);
    if (hashOf(entry) !== entry.hash) return changed(number);
    if (entry.previousHash !== this.head.hash) return unlinked(number);
    return null;
  }

  private againstRecorded(recorded: AuditHead | null): ChainFault | null {
    const { count, hash } = this.head;
    if (recorded === null) return null;
    if (recorded.count > count) return truncated(count, recorded, 'the head of the chain');
    if (recorded.count < count) return beyond(recorded);
    return recorded.hash === hash ? null : otherHistory(recorded);
  }

  /** A head that was kept is older than the chain, as a rule; what lies before it was looked at on the way. */
  private againstExpected(): ChainFault | null {
    const { expected, head } = this;
    return expected && expected.count > head.count ? truncated(head.count, expected, 'what was kept') : null;
  }
}

function missing(due: number, number: number): ChainFault {
  const which = number - due === 1 ? `entry ${due} is` : `entries ${due} to ${number - 1} are`;
  return { number: due, kind: 'missing', message: `${which} missing: entry ${number} comes next` };
}

function reordered(number: number, due: number): ChainFault {
  const message = `entry ${number} stands where entry ${due} belongs`;
  return { number: due, kind: 'reordered', message };
}

function changed(number: number): ChainFault {
  const message = `entry ${number} was changed: it does not have the hash that it says`;
  return { number, kind: 'changed', message };
}

function unlinked(number: number): ChainFault {
  const message = `entry ${number} does not follow entry ${number - 1}: the one before it was another`;
  return { number, kind: 'unlinked', message };
}

function truncated(count: number, known: AuditHead, by: string): ChainFault {
  const message = `the chain ends at entry ${count}, and ${by} knows of ${known.count}: its tail was cut off`;
  return { number: count + 1, kind: 'truncated', message };
}

function beyond({ count }: AuditHead): ChainFault {
  const message = `the head of the chain says that it ends at entry ${count}, and another follows`;
  return { number: count + 1, kind: 'other-history', message };
}

function otherHistory({ count }: AuditHead): ChainFault {
  const message = `entry ${count} has another hash than the one that was kept: the chain was written anew`;
  return { number: count, kind: 'other-history', message };
}
