// Mistakes with the audit log, and with what is recorded in it.

import { conformance, fleet, unit } from './named-tests.mjs';

export const AUDIT_LOG_MUTATIONS = [
  {
    name: 'link entries of the audit log to nothing',
    edits: [
      {
        file: 'libs/audit-chain/src/chain-check.ts',
        from: '    if (entry.previousHash !== this.head.hash) return unlinked(number);\n',
        to: '    void unlinked;\n',
      },
    ],
    test: unit('libs/audit-chain/src/chain-check', 'a chain'),
    expect: /changed with a hash that fits/,
  },
  {
    name: 'append to the audit chain without its lock',
    edits: [
      {
        file: 'libs/persistence/src/audit-append.ts',
        from: 'FROM audit_head FOR UPDATE) AS head',
        to: 'FROM audit_head) AS head',
      },
    ],
    test: conformance('audit-chain', 'is one chain whoever appends'),
    expect: /one chain whoever appends/,
  },
  {
    name: 'let a journal end without its digest in the audit chain',
    edits: [
      {
        file: 'libs/persistence/src/journal-append.ts',
        from: '  await anchorJournal(session, rotationId, { status: projection.status, fleetIds });\n',
        to: '  void [anchorJournal, fleetIds];\n',
      },
    ],
    test: conformance('audit-chain', 'a rotation that ends'),
    expect: /leaves the digest of its journal/,
  },
  {
    name: 'change things that the audit log could not be told of',
    edits: [
      {
        file: 'apps/api/src/audit/audit-interceptor.ts',
        from: '    await this.audit.intend(',
        to: '    void this.audit.intend(',
      },
    ],
    test: fleet('e2e/api-audit', 'nothing is changed'),
    expect: /nothing is changed/,
  },
];
