import { type Place, type Rule, rfc, sslDocs } from '../../rule.js';
import { intermediatesIn } from '../../trust-files.js';
import { grouped } from '../grouped.js';
import { titleOf } from '../kube-object.js';
import type { ManifestView } from '../manifest-view.js';
import { CLIENT_CERTIFICATES, ingressSource, POLICY_DOCS, SERVER_SOURCE } from '../references.js';
import { secretOf, type TrustUse } from '../trust-uses.js';

type ManifestRule = Rule<ManifestView>;

const caMissing: ManifestRule = {
  id: 'ingress-ca-missing',
  title: 'The Secret that auth-tls-secret names has no ca.crt',
  severity: 'error',
  does: 'Of a Secret with tls.crt and tls.key and no ca.crt, ingress-nginx takes the server certificate, finds no CA, and switches client certificates off for the host; only a line at log level 3 says so. A Secret with neither is an error: the host answers 403.',
  matters:
    'Everybody gets in while the Ingress names a Secret for verification: the server Secret in place of the CA is a slip that nothing else shows.',
  remedy:
    'Put the CA certificates of the clients into ca.crt of that Secret, or name the Secret that has them.',
  references: [
    CLIENT_CERTIFICATES,
    ingressSource('internal/ingress/controller/store/backend_ssl.go'),
    SERVER_SOURCE,
  ],
  *check({ authTls, trust }) {
    for (const one of authTls) {
      const source = secretOf(one, trust);
      if (one.secret === null || source === null || source.keys.has('ca.crt')) continue;
      const hasPair = source.keys.has('tls.crt') && source.keys.has('tls.key');
      // A match-cn stays, and without verification there is no name that could match.
      const isOpen = hasPair && one.matchCn === null;
      const outcome = isOpen
        ? 'client certificates are off for the host'
        : 'the host answers 403 to everybody';
      const message = `${titleOf(source.object)} has no ca.crt: ${outcome}`;
      yield { at: one.secret.at, message, related: [source.object.at] };
    }
  },
};

const bundleUnsound: ManifestRule = {
  id: 'manifest-bundle-unsound',
  title: 'A ca.crt has something wrong with it',
  severity: 'error',
  does: 'The controllers hand ca.crt to nginx as it is. nginx takes only CAs for issuers and wants every chain to end at a root of the bundle; leaves, expired CAs and CAs that may not sign let nobody in.',
  matters: 'All clients of that CA are refused, and nothing complains when the Secret is applied.',
  remedy: 'Do what the finding says; windlass preflight tries the bundle against your clients.',
  references: [sslDocs('ssl_client_certificate'), rfc(5280, '6.1'), CLIENT_CERTIFICATES],
  *check({ uses }) {
    for (const [source, users] of grouped(uses, (use) => use.source)) {
      const isNginx = users.some(({ depth }) => depth !== null);
      for (const { code, severity, message, nextStep } of source.lintedBundle()?.problems ?? []) {
        yield {
          at: source.bundleNode?.at ?? source.object.at,
          message: `ca.crt of ${titleOf(source.object)}: ${message}; ${nextStep}`,
          // Not every implementation of a Gateway wants the root as nginx does.
          severity: !isNginx && code === 'anchor.no-root' ? 'warning' : severity,
          related: placesOf(users),
        };
      }
    }
  },
};

/** Where a Secret is named: enough places to find the others. */
function placesOf(users: readonly TrustUse[]): readonly Place[] {
  return users.slice(0, 5).map(({ at }) => at);
}

const crlUnsound: ManifestRule = {
  id: 'manifest-crl-unsound',
  title: 'A ca.crl has something wrong with it',
  severity: 'error',
  does: 'The controllers write ca.crl of the Secret into ssl_crl. nginx then wants a current CRL of every CA in a chain, the root included.',
  matters: 'All clients of a CA without one, or with one past its nextUpdate, are refused.',
  remedy: 'Put the current CRL of every CA of the bundle there, or take ca.crl out.',
  references: [sslDocs('ssl_crl'), rfc(5280, '6.3'), POLICY_DOCS],
  *check({ uses }) {
    for (const [source, users] of grouped(uses, (use) => use.source)) {
      for (const { severity, message, nextStep } of source.crlProblems()) {
        yield {
          at: source.crlNode?.at ?? source.object.at,
          message: `ca.crl of ${titleOf(source.object)}: ${message}; ${nextStep}`,
          ...{ severity, related: placesOf(users) },
        };
      }
    }
  },
};

const depthTooSmall: ManifestRule = {
  id: 'manifest-depth-too-small',
  title: 'The depth is below the chains of the bundle',
  severity: 'error',
  does: 'Both controllers write the depth, 1 unless set, into ssl_verify_depth: the number of intermediates that a chain may have.',
  matters: 'A longer chain is refused, although every certificate of it is trusted.',
  remedy: 'Set the depth to the number of CAs below the root; a larger one lets nobody else in.',
  references: [sslDocs('ssl_verify_depth'), CLIENT_CERTIFICATES, POLICY_DOCS],
  *check({ uses }) {
    for (const { source, depth } of uses) {
      const needed = intermediatesIn(source.lintedBundle()?.certificates ?? []);
      if (depth === null || depth.value >= needed) continue;
      yield {
        at: depth.at,
        message: `chains with up to ${depth.value} intermediates are verified, and those of ${titleOf(source.object)} have ${needed}: they are refused`,
        related: [source.bundleNode?.at ?? source.object.at],
      };
    }
  },
};

const depthDefault: ManifestRule = {
  id: 'manifest-depth-default',
  title: 'The depth leaves no room for a second intermediate',
  severity: 'warning',
  does: 'The depth is 1 unless set, and with ingress-nginx where it is set to 0: a root, one intermediate, and the client.',
  matters:
    'Vault, EJBCA and the private CAs of clouds usually sign with a CA below an intermediate; after such a change all clients are refused. The depth lets nobody in, it only keeps long chains out.',
  remedy: 'Set the depth to 3.',
  references: [sslDocs('ssl_verify_depth'), CLIENT_CERTIFICATES, POLICY_DOCS],
  *check({ authTls, policies, uses }) {
    const judged = new Set(
      uses.filter(({ source }) => source.lintedBundle() !== null).map(({ user }) => user),
    );
    for (const { object, secret, verify, depth, place } of authTls) {
      if (secret === null || verify === 'off' || depth >= 2 || judged.has(object)) continue;
      yield { at: place('auth-tls-verify-depth'), message: shallow(depth) };
    }
    for (const { object, verify, depth, place } of policies) {
      if (verify === 'off' || depth >= 2 || judged.has(object)) continue;
      yield { at: place('verifyDepth'), message: shallow(depth) };
    }
  },
};

function shallow(depth: number): string {
  return `chains with up to ${depth} intermediates are verified: clients of a CA below a second one are refused`;
}

const valueBroken: ManifestRule = {
  id: 'manifest-secret-unreadable',
  title: 'A ca.crt or ca.crl cannot be read',
  severity: 'error',
  does: 'Values in data of a Secret are base64; the API server refuses anything else. Text belongs into stringData.',
  matters:
    'The object is refused, and what was applied before stays in force; nothing of it was checked here.',
  remedy: 'Encode the value, or move it to stringData.',
  references: [
    { title: 'Kubernetes: Secrets', url: 'https://kubernetes.io/docs/concepts/configuration/secret/' },
  ],
  *check({ trust }) {
    for (const { object, broken } of trust.all()) {
      for (const { at } of broken)
        yield { at, message: `${titleOf(object)}: this is no base64, or no string` };
    }
  },
};

export const TRUST_RULES: readonly ManifestRule[] = [
  ...[caMissing, bundleUnsound, crlUnsound, depthTooSmall, depthDefault, valueBroken],
];
