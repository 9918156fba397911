/**
 * The invariants of design.md section 4, and where each is asserted: on every entry before it is written
 * (`journal`, see {@link Auditor}), or on what hosts, CA and database really are (`world`, in the simulator and
 * the fleet tests).
 */
export const INVARIANTS = {
  I1: { says: 'the managed files of a host are old, overlap or new, or it is drift', asserted: 'world' },
  I2: { says: 'nothing of a contract begins before every host confirmed the overlap', asserted: 'journal' },
  I3: {
    says: 'succeeded means all observed new; reverted means all observed old, never after `activate`',
    asserted: 'journal',
  },
  I4: {
    says: 'decisions are written once, `keep` excludes `revert`, and each comes before its first effect',
    asserted: 'journal',
  },
  I5: { says: 'one active rotation per fleet, host and issuing CA', asserted: 'world' },
  I6: { says: 'no effect without an intent, and none is begun twice at once', asserted: 'journal' },
  I7: {
    says: 'no `activate` and no `contract` before every host confirmed after `keep`',
    asserted: 'journal',
  },
  I8: {
    says: 'the new CA is withdrawn from no host that may serve it; the old one is dropped when it can issue no more',
    asserted: 'journal',
  },
  I9: { says: 'terms grow, and only the newest of a scope begins and reports', asserted: 'journal' },
  I10: {
    says: '`keep` is written while every switched host still waits for it',
    asserted: 'journal',
  },
  I11: {
    says: 'the default of the CA switches only after every host confirmed the overlap',
    asserted: 'journal',
  },
  I12: { says: 'a distrusted anchor never returns by itself', asserted: 'journal' },
  I13: { says: 'a host that knows a newer token is not written to', asserted: 'world' },
  I14: {
    says: 'where a fleet asks for it, a second person approved of the very change before the contract',
    asserted: 'journal',
  },
} as const satisfies Record<string, { readonly says: string; readonly asserted: 'journal' | 'world' }>;

export type Invariant = keyof typeof INVARIANTS;

export interface Violation {
  readonly invariant: Invariant;
  /** Of the entry that breaks it. */
  readonly sequence: number;
  readonly says: string;
}
