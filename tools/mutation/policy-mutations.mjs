// Mistakes in the policies for Conftest and Checkov.

import { peers } from './named-tests.mjs';

const REGO = 'policy/conftest';

export const POLICY_MUTATIONS = [
  {
    name: 'policy: leave the quotes of Conftest on',
    edits: [
      {
        file: `${REGO}/words.rego`,
        from: 'plain(word) := unescaped(substring(word, 1, count(word) - 2)) if is_quoted(word)',
        to: 'plain(word) := word if is_quoted(word)',
      },
    ],
    test: peers('conftest-parity', 'servers that were drawn'),
    expect: /servers that were drawn/,
  },
  {
    name: 'policy: inherit nothing from http',
    edits: [{ file: `${REGO}/servers.rego`, from: '} else := words.named(server.outer, name)[0]', to: '}' }],
    test: peers('conftest-parity', 'the cases of every rule'),
    expect: /cases of every rule/,
  },
  {
    name: 'policy: take a guard for sound that refuses NONE only',
    edits: [
      { file: `${REGO}/guards.rego`, from: 'every failure in failures {', to: 'every failure in {"NONE"} {' },
    ],
    test: peers('conftest-parity', 'the cases of every rule'),
    expect: /cases of every rule/,
  },
  {
    name: "policy: pass what Conftest's parser of nginx did not read",
    edits: [{ file: `${REGO}/mtls.rego`, from: '\tnot is_nginx\n', to: '\tnot is_nginx\n\tis_nginx\n' }],
    test: peers('conftest-limits', 'passes nothing'),
    expect: /passes nothing/,
  },
  {
    name: 'policy: believe auth-tls-verify-client without a secret',
    edits: [
      {
        file: 'policy/checkov/ingress_mtls.py',
        from: '        is_wrong=lambda tls: not has_bundle(tls),',
        to: '        is_wrong=lambda tls: not has_bundle(tls) and verify(tls) == "off",',
      },
    ],
    test: peers('checkov-policy', 'what ingress-nginx makes of it'),
    expect: /what ingress-nginx makes of it/,
  },
];
