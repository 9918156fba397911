import { parseFile } from '../../parse-file.js';
import { type Report, type Rule, sslDocs } from '../../rule.js';
import { type AuthTls, PREFIX } from '../auth-tls.js';
import type { ManifestView } from '../manifest-view.js';
import {
  AUTH_TLS_SOURCE,
  CLIENT_CERTIFICATES,
  ingressDocs,
  ingressSetting,
  SERVER_SOURCE,
  TEMPLATE_SOURCE,
} from '../references.js';

type ManifestRule = Rule<ManifestView>;

const VERIFY = 'auth-tls-verify-client';
const asking = ({ authTls }: ManifestView) => authTls.filter(({ secret }) => secret !== null);
const hostsIn = ({ ingress }: AuthTls) => ingress.hosts.map(({ name }) => name).join(', ');

const verifyOff: ManifestRule = {
  id: 'ingress-verify-off',
  title: 'A CA is named, and nobody is asked for a certificate',
  severity: 'error',
  does: 'ingress-nginx writes auth-tls-verify-client into ssl_verify_client of the whole host. With off nginx asks no client for a certificate.',
  matters:
    'Everybody gets in while the Ingress looks as if it verified: the usual left-over of a debugging session.',
  remedy: 'Set auth-tls-verify-client to "on", or leave it out: on is its default.',
  references: [CLIENT_CERTIFICATES, AUTH_TLS_SOURCE, sslDocs('ssl_verify_client')],
  *check(view) {
    for (const one of asking(view)) {
      if (one.verify !== 'off') continue;
      yield {
        at: one.place(VERIFY),
        message: `${VERIFY} is off: ${hostsIn(one)} asks nobody for a certificate`,
      };
    }
  },
};

const verifyOptional: ManifestRule = {
  id: 'ingress-verify-optional',
  title: 'Verification is optional and nothing at the ingress acts on its outcome',
  severity: 'error',
  does: 'With optional, nginx refuses a bad certificate and serves whoever sends none; the outcome goes to the upstream in the header ssl-client-verify. auth-tls-match-cn closes the gap, since no certificate has no name that could match.',
  matters:
    'A client that leaves its certificate out is served like one in good standing, unless every service behind the Ingress looks at ssl-client-verify.',
  remedy:
    'Set auth-tls-verify-client to "on"; public paths belong to a host of their own, since the setting is per host.',
  references: [CLIENT_CERTIFICATES, TEMPLATE_SOURCE],
  *check(view) {
    for (const one of asking(view)) {
      if (one.verify !== 'optional' || one.matchCn !== null) continue;
      yield { at: one.place(VERIFY), ...openMessage(one, 'a client without a certificate gets through') };
    }
  },
};

const verifyOptionalNoCa: ManifestRule = {
  id: 'ingress-verify-optional-no-ca',
  title: 'Certificates of unknown CAs are taken',
  severity: 'error',
  does: 'With optional_no_ca, nginx serves a client whose certificate no trusted CA signed, and one without any. auth-tls-match-cn then looks at a name that nobody vouches for.',
  matters: 'Anybody signs himself a certificate with any name, that of auth-tls-match-cn included.',
  remedy: 'Set auth-tls-verify-client to "on".',
  references: [CLIENT_CERTIFICATES, TEMPLATE_SOURCE, sslDocs('ssl_verify_client')],
  *check(view) {
    for (const one of asking(view)) {
      if (one.verify !== 'optional_no_ca') continue;
      const how =
        one.matchCn === null
          ? 'a client with a certificate of its own making, or none, gets through'
          : `a client that signs itself a certificate with a name that matches ${one.matchCn.value} gets through`;
      yield { at: one.place(VERIFY), ...openMessage(one, how) };
    }
  },
};

/** A snippet that looks at the outcome may close the gap, if the controller takes snippets. */
function openMessage(one: AuthTls, how: string): Pick<Report, 'message' | 'severity'> {
  const message = `${VERIFY} is ${one.verify}: ${how} to ${hostsIn(one)}`;
  const guards = SNIPPETS.some((name) => one.get(name)?.value?.includes('$ssl_client_verify'));
  if (!guards) return { message, severity: 'error' };
  return { message: `${message}, unless the snippet with $ssl_client_verify stops it`, severity: 'warning' };
}

const secretMissing: ManifestRule = {
  id: 'ingress-secret-missing',
  title: 'Client certificates are spoken of, and no CA is named',
  severity: 'error',
  does: 'Without auth-tls-secret, or with an empty one, ingress-nginx does not look at any other auth-tls annotation: the host asks nobody for a certificate. It then also leaves the headers ssl-client-verify, ssl-client-subject-dn and ssl-client-cert as the client sent them.',
  matters: 'Everybody gets in, and can tell the upstream that he was verified, by the header that it trusts.',
  remedy: 'Set auth-tls-secret to the Secret with ca.crt, as namespace/name.',
  references: [CLIENT_CERTIFICATES, AUTH_TLS_SOURCE, TEMPLATE_SOURCE],
  *check({ authTls, verifiedHosts }) {
    for (const one of authTls) {
      const others = [...one.object.annotations.values()].filter(({ name }) =>
        name.startsWith(`${PREFIX}auth-tls-`),
      );
      const [first] = others;
      // Who says off and names nothing means it.
      if (first === undefined || one.secret !== null || one.verify === 'off') continue;
      const isCovered = one.ingress.hosts.every(({ name }) => verifiedHosts.has(name));
      if (isCovered && one.ingress.hosts.length > 0) continue;
      const names = others.map(({ name }) => name.slice(PREFIX.length)).join(', ');
      yield {
        at: first.at,
        message: `${names}: without auth-tls-secret ${hostsIn(one)} asks nobody for a certificate`,
      };
    }
  },
};

const sslPassthrough: ManifestRule = {
  id: 'ingress-ssl-passthrough',
  title: 'TLS is passed through, and the ingress verifies nobody',
  severity: 'error',
  does: 'With ssl-passthrough, and --enable-ssl-passthrough at the controller, TLS goes to the backend unread. All other annotations of the Ingress then count for nothing.',
  matters: 'Only the backend can ask for a certificate; auth-tls annotations look as if somebody did.',
  remedy: 'Leave ssl-passthrough out, or the auth-tls annotations where the backend verifies by itself.',
  references: [ingressDocs('ssl-passthrough', 'SSL passthrough'), CLIENT_CERTIFICATES],
  *check(view) {
    for (const one of asking(view)) {
      const annotation = one.get('ssl-passthrough');
      if (annotation?.value?.trim() !== 'true') continue;
      yield {
        at: annotation.at,
        message: `${hostsIn(one)} passes TLS through: the auth-tls annotations do nothing`,
      };
    }
  },
};

const errorPageInside: ManifestRule = {
  id: 'ingress-error-page-inside',
  title: 'Whoever is refused gets a page of the application',
  severity: 'warning',
  does: 'auth-tls-error-page becomes error_page 495 496 = PAGE. A path, unlike a URL of its own host, is an internal redirect: nginx asks the upstream for it and answers with what that says, certificate or not.',
  matters: 'That path is open to everybody, and a refusal may look like success to a monitor.',
  remedy: 'Name a full URL on a host without client certificates, or leave it out: clients then get 400.',
  references: [
    CLIENT_CERTIFICATES,
    TEMPLATE_SOURCE,
    {
      title: 'nginx: error_page',
      url: 'https://nginx.org/en/docs/http/ngx_http_core_module.html#error_page',
    },
  ],
  *check(view) {
    for (const one of asking(view)) {
      const annotation = one.get('auth-tls-error-page');
      const page = annotation?.value?.trim() ?? '';
      if (annotation === null || !page.startsWith('/')) continue;
      yield {
        at: annotation.at,
        message: `whoever shows no good certificate is served ${page} by the upstream`,
      };
    }
  },
};

const SNIPPETS = ['server-snippet', 'configuration-snippet'];
const DECIDING = /^ssl_(verify_client|verify_depth|client_certificate|trusted_certificate|crl)$/;

const snippet: ManifestRule = {
  id: 'ingress-snippet',
  title: 'A snippet decides who gets in',
  severity: 'warning',
  does: 'Since 1.9.0 ingress-nginx leaves snippets out unless allow-snippet-annotations is set; since 1.12.0 it does not serve an Ingress that has one unless annotations-risk-level is Critical. Where it takes them, they stand beside what the annotations make: a directive that is there twice, or in a location, keeps nginx from loading the configuration.',
  matters:
    'Where the snippet is dropped nobody is asked for a certificate, without a word; where it breaks the configuration, no change of any Ingress arrives.',
  remedy: 'Say it with auth-tls-secret and auth-tls-verify-client.',
  references: [
    ingressSetting('allow-snippet-annotations'),
    ingressSetting('annotations-risk-level'),
    SERVER_SOURCE,
  ],
  *check({ authTls }) {
    for (const one of authTls) {
      for (const name of SNIPPETS) {
        const annotation = one.get(name);
        const directives = parseFile({ path: name, content: annotation?.value ?? '' }).directives.map(
          (directive) => directive.name,
        );
        const deciding = [...new Set(directives.filter((directive) => DECIDING.test(directive)))];
        if (annotation === null || deciding.length === 0) continue;
        yield {
          at: annotation.at,
          message: `${name} sets ${deciding.join(', ')}, which the controller may leave out`,
        };
      }
    }
  },
};

export const INGRESS_VERIFICATION_RULES: readonly ManifestRule[] = [
  ...[verifyOff, verifyOptional, verifyOptionalNoCa, secretMissing],
  ...[sslPassthrough, errorPageInside, snippet],
];
