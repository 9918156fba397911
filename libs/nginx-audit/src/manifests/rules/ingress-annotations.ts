import type { Report, Rule } from '../../rule.js';
import { rfc, sslDocs } from '../../rule.js';
import { endsAnchored } from '../../rules/matches.js';
import { AUTH_TLS_NAMES, type AuthTls, PREFIX } from '../auth-tls.js';
import type { Annotation } from '../kube-object.js';
import type { ManifestView } from '../manifest-view.js';
import { AUTH_TLS_SOURCE, CLIENT_CERTIFICATES, ingressSetting, ingressSource } from '../references.js';

type ManifestRule = Rule<ManifestView>;

const VALIDATORS = ingressSource('internal/ingress/annotations/parser/validators.go');

const secretName: ManifestRule = {
  id: 'ingress-secret-name',
  title: 'auth-tls-secret is not of the form namespace/name',
  severity: 'error',
  does: 'ingress-nginx reads auth-tls-secret as namespace/name. Anything else is an error, and the whole host then answers 403.',
  matters: 'All clients are refused, those of other Ingresses of the host too.',
  remedy: 'Write the namespace before the name, even where it is that of the Ingress.',
  references: [CLIENT_CERTIFICATES, AUTH_TLS_SOURCE],
  *check({ authTls }) {
    for (const { secret, secretName } of authTls) {
      if (secret === null || secretName !== null) continue;
      yield {
        at: secret.at,
        message: `"${secret.value}" is no namespace/name: the host answers 403 to everybody`,
      };
    }
  },
};

const crossNamespace: ManifestRule = {
  id: 'ingress-secret-cross-namespace',
  title: 'The CA stands in a Secret of another namespace',
  severity: 'error',
  does: 'Since 1.12.0 ingress-nginx takes no Secret of another namespace unless allow-cross-namespace-resources is set: the whole host answers 403. Before, or with that setting, it takes it.',
  matters:
    'Either everybody is refused, or whoever may write Secrets in the other namespace decides who gets in here.',
  remedy: 'Put the Secret into the namespace of the Ingress.',
  references: [ingressSetting('allow-cross-namespace-resources'), AUTH_TLS_SOURCE],
  *check({ authTls }) {
    for (const { secret, secretName, object } of authTls) {
      if (secret === null || secretName === null || object.namespace === null) continue;
      if (secretName.namespace === '' || secretName.namespace === object.namespace) continue;
      yield {
        at: secret.at,
        message: `the Ingress is in ${object.namespace}, and ${secret.value} is not: refused for everybody since 1.12.0`,
      };
    }
  },
};

const matchCn: ManifestRule = {
  id: 'ingress-match-cn-unanchored',
  title: 'auth-tls-match-cn matches more names than it says',
  severity: 'error',
  does: 'ingress-nginx writes if ($ssl_client_s_dn !~ "VALUE") and nothing anchors the expression: it matches anywhere in the whole name, such as CN=api,OU=ops,O=Acme. The value has to begin with CN=, so that its beginning cannot be anchored at all.',
  matters:
    'CN=api matches CN=api-evil too, and OU=CN=api where the CA lets clients choose other parts of their name; of CN=a|b the second half matches every name with a b in it.',
  remedy:
    'End it with (,|$), and put alternatives into parentheses: CN=(api|web)(,|$). Let the CA sign no name with CN= in another part, or look at the whole name in the application.',
  references: [CLIENT_CERTIFICATES, VALIDATORS, sslDocs('var_ssl_client_s_dn'), rfc(2253, '2')],
  *check({ authTls }) {
    for (const { matchCn: annotation } of authTls) {
      const value = annotation?.value?.trim() ?? '';
      const why = value.startsWith('CN=') ? openness(value) : null;
      if (annotation === null || why === null) continue;
      yield { at: annotation.at, message: `"${value}" ${why}` };
    }
  },
};

/** What an expression lets through beyond what it says; null when it says what it means. */
function openness(expression: string): string | null {
  if (hasBareAlternative(expression)) {
    return 'has an alternative outside of parentheses, which matches anywhere in a name';
  }
  if (!endsAnchored(expression)) return 'also matches longer names that begin so';
  if (/^CN=(\.[*+]|\(\.[*+]\)|\[\^,\][*+])/.test(expression)) return 'matches every name that has a CN';
  return null;
}

function hasBareAlternative(expression: string): boolean {
  let depth = 0;
  for (const [token] of expression.matchAll(/\\.|\[[^\]]*\]|[()|]/gs)) {
    if (token === '(') depth += 1;
    else if (token === ')') depth -= 1;
    else if (token === '|' && depth === 0) return true;
  }
  return false;
}

const annotationUnknown: ManifestRule = {
  id: 'ingress-annotation-unknown',
  title: 'An auth-tls annotation that the controller does not know',
  severity: 'warning',
  does: 'ingress-nginx reads the six auth-tls annotations below its prefix, and looks at no other.',
  matters: 'What a slip of the pen was meant to close stays open, and nothing says so.',
  remedy:
    'Write it as the documentation does; where the controller runs with another --annotations-prefix, accept the finding.',
  references: [CLIENT_CERTIFICATES, AUTH_TLS_SOURCE],
  *check({ authTls }) {
    for (const { object } of authTls) {
      for (const { name, at } of object.annotations.values()) {
        const [, prefix = '', own = ''] = /^(.*\/)?([^/]*)$/.exec(name) ?? [];
        if (!own.startsWith('auth-tls')) continue;
        if (prefix === PREFIX && !AUTH_TLS_NAMES.includes(own)) {
          yield { at, message: `ingress-nginx knows no ${own}: it does nothing` };
        } else if (prefix !== PREFIX && MISTAKEN.test(prefix)) {
          yield { at, message: `ingress-nginx does not read ${name}: its prefix is ${PREFIX}` };
        }
      }
    }
  },
};

/** Prefixes that people mean ingress-nginx by; HAProxy's controllers have auth-tls annotations of their own. */
const MISTAKEN = /^$|nginx|^ingress\.kubernetes\.io\/$/;

const annotationValue: ManifestRule = {
  id: 'ingress-annotation-value',
  title: 'An auth-tls annotation has a value that the controller does not take',
  severity: 'warning',
  does: 'ingress-nginx takes on for a verify-client it does not know, and 1 for a depth that is no number or 0. For a match-cn, an error page or a pass-certificate-to-upstream that it does not take, it leaves the whole Ingress out (validation of annotations, the default since 1.12.0).',
  matters: 'What holds is not what is written; an Ingress that is left out answers 404, or as it did before.',
  remedy: 'Write one of the values that the documentation names.',
  references: [CLIENT_CERTIFICATES, AUTH_TLS_SOURCE, VALIDATORS],
  *check({ authTls }) {
    for (const one of authTls) yield* valueReports(one);
  },
};

const LEFT_OUT = 'the controller leaves the whole Ingress out';

/** For each annotation: what it may be, and what becomes of anything else. */
const VALUES: readonly (readonly [name: string, isTaken: (value: string) => boolean, otherwise: string])[] = [
  ['auth-tls-verify-client', (value) => /^(on|off|optional|optional_no_ca)$/.test(value), 'on is taken'],
  ['auth-tls-verify-depth', (value) => /^\+?0*[1-9]\d*$/.test(value), '1 is taken'],
  // No query, no variable, no blank: a name, or a URL of plain words.
  ['auth-tls-error-page', (value) => /^[\w\-./:@]+$/.test(value), LEFT_OUT],
  [
    'auth-tls-pass-certificate-to-upstream',
    (value) => /^(1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(value),
    LEFT_OUT,
  ],
  ['auth-tls-match-cn', (value) => value.startsWith('CN='), LEFT_OUT],
];

function* valueReports(one: AuthTls): Iterable<Report> {
  for (const [name, isTaken, otherwise] of VALUES) {
    const annotation: Annotation | null = one.get(name);
    const value = annotation?.value?.trim() ?? '';
    if (annotation === null || value === '' || isTaken(value)) continue;
    const consequence = value.startsWith('-') ? 'nginx does not load the configuration' : otherwise;
    yield { at: annotation.at, message: `${name} "${value}": ${consequence}` };
  }
}

/** Annotations that a rule reads. */
function isRead(name: string): boolean {
  if (!name.startsWith(PREFIX)) return /^nginx\.(org|com)\//.test(name);
  return /^(auth-tls-|(force-)?ssl-redirect$|ssl-passthrough$)/.test(name.slice(PREFIX.length));
}

const valueType: ManifestRule = {
  id: 'manifest-value-type',
  title: 'A value that has to be a string is none',
  severity: 'error',
  does: 'Kubernetes reads YAML 1.1, in which a bare on, off, yes, no, true or 1 is no string. Annotations and verifyClient are strings: the API server refuses the object.',
  matters:
    'What was applied before stays in force, and a pipeline that goes on after errors does not notice.',
  remedy: 'Put the value into quotes.',
  references: [
    {
      title: 'Kubernetes: annotations',
      url: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/',
    },
    { title: 'YAML 1.1: booleans', url: 'https://yaml.org/type/bool.html' },
  ],
  *check({ ingresses, policies }) {
    for (const { object } of ingresses) {
      for (const { name, value, at } of object.annotations.values()) {
        if (value !== null || !isRead(name)) continue;
        yield { at, message: `the value of ${name} is no string: put it into quotes` };
      }
    }
    for (const { spec } of policies) {
      const field = spec.get('verifyClient');
      if (field === null || field.text() !== null || field.written() === null) continue;
      yield { at: field.at, message: `verifyClient ${field.written()} is no string: put it into quotes` };
    }
  },
};

export const INGRESS_ANNOTATION_RULES: readonly ManifestRule[] = [
  ...[secretName, crossNamespace, matchCn, annotationUnknown, annotationValue, valueType],
];
