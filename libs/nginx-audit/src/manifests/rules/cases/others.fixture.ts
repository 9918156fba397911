import { documents, ingress, type ManifestCase, policy, SECRET, secret } from './manifest-case.fixture.js';

export const OTHER_CASES: readonly ManifestCase[] = [
  {
    rule: 'ingress-ca-missing',
    what: 'the Secret of the server in place of the CA',
    manifest: documents(ingress([SECRET]), secret('ca', 'data: {tls.crt: YQ==, tls.key: YQ==}')),
    found: ['7 error'],
  },
  {
    rule: 'ingress-ca-missing',
    what: 'a Secret with it',
    manifest: documents(ingress([SECRET]), secret('ca', 'data: {ca.crt: YQ==}')),
    found: [],
  },
  {
    rule: 'manifest-depth-default',
    what: 'the default of both controllers',
    manifest: documents(ingress([SECRET]), policy('clientCertSecret: ca\nverifyDepth: 1')),
    found: ['7 warning', '19 warning'],
  },
  {
    rule: 'manifest-depth-default',
    what: 'room for another one',
    manifest: documents(
      ingress([SECRET, 'auth-tls-verify-depth: "2"']),
      policy('clientCertSecret: ca\nverifyDepth: 2'),
    ),
    found: [],
  },
  {
    rule: 'manifest-secret-unreadable',
    what: 'text where base64 belongs',
    manifest: secret('ca', 'data:\n  ca.crt: "-----BEGIN"'),
    found: ['5 error'],
  },
  {
    rule: 'manifest-secret-unreadable',
    what: 'text where text belongs',
    manifest: secret('ca', 'stringData:\n  ca.crt: "-----BEGIN"'),
    found: [],
  },
  {
    rule: 'manifest-unreadable',
    what: 'quotes that do not end, and a document behind them',
    manifest: documents('kind: Ingress\nmetadata: {name: "a\n', ingress([SECRET])),
    found: ['2 error'],
  },
  {
    rule: 'manifest-unreadable',
    what: 'a document that is none of ours',
    manifest: documents('a: [1\n', ingress([SECRET])),
    found: [],
  },
  {
    rule: 'manifest-template',
    what: 'a template of Helm, whether it is YAML or not',
    manifest: documents(
      '{{- if .Values.on }}\nkind: Ingress\n{{- end }}\n',
      'kind: Ingress\nmetadata:\n  name: {{ .Values.name }}\n',
    ),
    found: ['1 warning', '7 warning'],
  },
  {
    rule: 'manifest-template',
    what: 'braces in a ConfigMap of dashboards, and a template of one',
    manifest:
      'kind: ConfigMap\n{{- if .Values.on }}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: d}\ndata: {a: "{{ .Labels.pod }}"}\n',
    found: [],
  },
  {
    rule: 'suppression-without-reason',
    what: 'no reason',
    manifest: ingress([SECRET, '# windlass-ignore ingress-verify-off', 'auth-tls-verify-client: "off"']),
    found: ['8 error'],
  },
  {
    rule: 'suppression-without-reason',
    what: 'a reason, and the same words in a text',
    manifest: ingress([
      SECRET,
      '# windlass-ignore ingress-verify-off: issue 7',
      'example.org/note: "# windlass-ignore a"',
    ]),
    found: [],
  },
];
