// Mistakes in reading and judging manifests of Kubernetes.

import { unit } from './named-tests.mjs';

const MANIFESTS = 'libs/nginx-audit/src/manifests';
const inThere = (file, name) => unit(`${MANIFESTS}/${file}`, name);

export const SCAN_MUTATIONS = [
  {
    name: 'scan: take a bare on for the word',
    edits: [
      {
        file: `${MANIFESTS}/manifest-node.ts`,
        from: "    return typeof value === 'string' ? value : null;",
        to: '    return value === null ? null : String(value);',
      },
    ],
    test: inThere('rules/rules', 'a bare on'),
    expect: /a bare on/,
  },
  {
    name: 'scan: let one broken document hide the next',
    edits: [
      {
        file: `${MANIFESTS}/read-manifests.ts`,
        from: '  return marks[0] === 0 ? marks : [0, ...marks];',
        to: '  return [marks[0] ?? 0];',
      },
    ],
    test: inThere('read-manifests', 'around one that is broken'),
    expect: /around one that is broken/,
  },
  {
    name: 'scan: take an expression without an end for one that says what it means',
    edits: [
      {
        file: `${MANIFESTS}/rules/ingress-annotations.ts`,
        from: '  if (!endsAnchored(expression))',
        to: "  if (!expression.startsWith('CN='))",
      },
    ],
    test: inThere('rules/rules', 'ingress-match-cn-unanchored'),
    expect: /CN=api/,
  },
  {
    name: 'scan: trust a redirect of a host that is not in spec.tls',
    edits: [
      {
        file: `${MANIFESTS}/rules/ingress-hosts.ts`,
        from: '  } else if (!hasTls) {',
        to: '  } else if (!hasTls && mayHaveTls) {',
      },
    ],
    test: inThere('rules/rules', 'no spec.tls'),
    expect: /no spec\.tls/,
  },
];
