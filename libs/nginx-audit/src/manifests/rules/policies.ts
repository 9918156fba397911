import type { Report, Rule } from '../../rule.js';
import { sslDocs } from '../../rule.js';
import { grouped } from '../grouped.js';
import { type KubeObject, mayBeIn, titleOf } from '../kube-object.js';
import type { ManifestView } from '../manifest-view.js';
import { type Attachment, hostsWithoutTls } from '../mtls-policy.js';
import { POLICY_DOCS, POLICY_SOURCE, policySource } from '../references.js';

type ManifestRule = Rule<ManifestView>;

const SERVER_TEMPLATE = policySource('internal/configs/version2/nginx.virtualserver.tmpl');
const TYPES = policySource('pkg/apis/configuration/v1/types.go');
const INGRESS_SOURCE = policySource('internal/configs/ingress.go');

const policyVerifyOff: ManifestRule = {
  id: 'policy-verify-off',
  title: 'A policy names a CA, and asks nobody for a certificate',
  severity: 'error',
  does: 'NGINX Ingress Controller writes verifyClient of an ingressMTLS policy into ssl_verify_client of the whole server; with off nginx asks no client for a certificate.',
  matters: 'Everybody gets in while a policy for client certificates is in force by name.',
  remedy: 'Set verifyClient to "on", or leave it out: on is its default.',
  references: [POLICY_DOCS, POLICY_SOURCE, sslDocs('ssl_verify_client')],
  *check({ policies }) {
    for (const { object, verify, place } of policies) {
      if (verify !== 'off') continue;
      yield { at: place('verifyClient'), message: `${titleOf(object)} has verifyClient off: it asks nobody` };
    }
  },
};

const policyVerifyOptional: ManifestRule = {
  id: 'policy-verify-optional',
  title: 'A policy lets clients in whose certificate nobody verified',
  severity: 'error',
  does: 'With optional nginx serves whoever sends no certificate, with optional_no_ca whoever made one himself too. The controller tells the upstream nothing of the outcome by itself.',
  matters: 'A client without a good certificate is served like one in good standing.',
  remedy: 'Set verifyClient to "on"; public paths belong to a VirtualServer of their own.',
  references: [POLICY_DOCS, POLICY_SOURCE, sslDocs('ssl_verify_client')],
  *check({ policies }) {
    for (const { object, verify, place } of policies) {
      if (verify !== 'optional' && verify !== 'optional_no_ca') continue;
      const who =
        verify === 'optional' ? 'clients without a certificate' : 'clients with any certificate, or none,';
      yield {
        at: place('verifyClient'),
        message: `${titleOf(object)} has verifyClient ${verify}: ${who} get through`,
      };
    }
  },
};

const policyContext: ManifestRule = {
  id: 'policy-on-route',
  title: 'An ingressMTLS policy stands where the controller does not take it',
  severity: 'error',
  does: 'Client certificates are a matter of the whole server. On a route, a subroute of a VirtualServerRoute, or a minion, the controller answers 500 in place of the policy.',
  matters: 'Nobody gets in there, and the other routes of the host ask nobody for a certificate.',
  remedy: 'Put the policy into spec.policies of the VirtualServer, or onto the master Ingress.',
  references: [POLICY_DOCS, POLICY_SOURCE],
  *check({ attachments }) {
    for (const { policy, owner, at, context } of attachments) {
      if (context === 'spec') continue;
      yield {
        at,
        message: `${titleOf(policy.object)} on a ${context} of ${titleOf(owner)}: it answers 500 there`,
      };
    }
  },
};

const policyWithoutTls: ManifestRule = {
  id: 'policy-without-tls',
  title: 'An ingressMTLS policy stands at a host without TLS',
  severity: 'error',
  does: 'Without TLS there is no certificate to ask for: a VirtualServer without tls, or an Ingress without spec.tls, answers 500. A host of an Ingress that has spec.tls for other hosts only is served, and the policy is ignored there.',
  matters: 'In the last case everybody gets in, and only a warning in an event says so.',
  remedy: 'Give the host TLS: tls.secret of the VirtualServer, or the host in spec.tls.',
  references: [POLICY_DOCS, POLICY_SOURCE, INGRESS_SOURCE],
  *check({ attachments, ingresses }) {
    const byObject = new Map(ingresses.map((ingress) => [ingress.object, ingress]));
    for (const { owner, at, context } of attachments) {
      if (context !== 'spec') continue;
      const ingress = byObject.get(owner);
      const isPlain = ingress === undefined ? owner.root.get('spec', 'tls') === null : !ingress.hasTls;
      if (isPlain) yield { at, message: `${titleOf(owner)} has no TLS: it answers 500 to everybody` };
      else if (ingress !== undefined) {
        for (const host of hostsWithoutTls(ingress)) {
          yield {
            at,
            message: `${host} is not in spec.tls: the policy is ignored there, and everybody gets in`,
          };
        }
      }
    }
  },
};

const policyPlainHttp: ManifestRule = {
  id: 'policy-plain-http',
  title: 'The server that verifies clients is also served without TLS',
  severity: 'error',
  does: 'A VirtualServer listens on port 80 and 443 unless spec.listener says otherwise, and sends nobody from one to the other unless tls.redirect.enable is true. With basedOn: x-forwarded-proto only a header of the client decides. An Ingress redirects unless ssl-redirect is false.',
  matters: 'Whoever says http:// needs no certificate at all.',
  remedy:
    'Set tls.redirect.enable to true and leave basedOn out; name an https listener only in spec.listener where port 80 is not wanted.',
  references: [SERVER_TEMPLATE, TYPES, INGRESS_SOURCE],
  *check({ attachments }) {
    for (const { owner, context } of attachments) {
      if (context === 'spec') yield* owner.kind === 'Ingress' ? plainIngress(owner) : plainServer(owner);
    }
  },
};

function* plainServer(owner: KubeObject): Iterable<Report> {
  const tls = owner.root.get('spec', 'tls');
  const listener = owner.root.get('spec', 'listener');
  if (tls === null || (listener !== null && listener.get('http') === null)) return;
  const redirect = tls.get('redirect');
  const basedOn = redirect?.get('basedOn') ?? null;
  if (redirect?.get('enable')?.isTrue() !== true) {
    yield {
      at: tls.at,
      message: `${titleOf(owner)} answers on port 80, where nobody is asked for a certificate`,
    };
  } else if (basedOn?.text() === 'x-forwarded-proto') {
    const message = `${titleOf(owner)} sends away only who says X-Forwarded-Proto: http; without it port 80 answers`;
    yield { at: basedOn.at, message };
  }
}

function* plainIngress({ annotations }: KubeObject): Iterable<Report> {
  const redirects = ['nginx.org/ssl-redirect', 'ingress.kubernetes.io/ssl-redirect'].flatMap(
    (name) => annotations.get(name) ?? [],
  );
  const [first] = redirects;
  if (first?.value !== 'false') return;
  yield { at: first.at, message: 'port 80 answers, where nobody is asked for a certificate' };
}

const policySecond: ManifestRule = {
  id: 'policy-second-ignored',
  title: 'A second ingressMTLS policy is ignored',
  severity: 'error',
  does: 'Of several ingressMTLS policies in one list the controller takes the first and leaves the others out.',
  matters: 'The CA or the CRL that the second one brings does not count.',
  remedy: 'Make one policy of them, with all CAs in one Secret.',
  references: [POLICY_DOCS, POLICY_SOURCE],
  *check({ attachments }) {
    for (const group of grouped(attachments, ({ list }) => list).values()) {
      const [first, ...others] = group;
      if (first === undefined) continue;
      for (const other of others.filter(({ policy }) => policy !== first.policy)) yield ignored(first, other);
    }
  },
};

function ignored(first: Attachment, other: Attachment): Report {
  const message = `${titleOf(other.policy.object)} is ignored: ${titleOf(first.policy.object)} comes first`;
  return { at: other.at, message, related: [first.at] };
}

const policyUnused: ManifestRule = {
  id: 'policy-unused',
  title: 'An ingressMTLS policy that nothing here refers to',
  severity: 'note',
  does: 'A policy does nothing by itself: a VirtualServer names it in spec.policies, an Ingress in nginx.org/policies.',
  matters: 'Where nothing elsewhere refers to it, nobody is asked for a certificate.',
  remedy: 'Refer to it, or scan it together with what does.',
  references: [POLICY_DOCS],
  *check({ policies, attachments }) {
    const used = grouped(new Set(attachments.map(({ policy }) => policy.object)), ({ name }) => name);
    for (const { object } of policies) {
      // Two environments may have it: one that is referred to speaks for both.
      if (used.get(object.name)?.some(({ namespace }) => mayBeIn(object, namespace))) continue;
      yield { at: object.at, message: `nothing in these manifests refers to ${titleOf(object)}` };
    }
  },
};

const policySecret: ManifestRule = {
  id: 'policy-secret',
  title: 'The Secret of an ingressMTLS policy is one that the controller does not take',
  severity: 'error',
  does: 'clientCertSecret names a Secret of the namespace of the policy, of type nginx.org/ca, with the bundle in ca.crt. With any other the controller answers 500 for the whole server. ca.crl in it is left out where crlFileName is set.',
  matters: 'Nobody gets in; or the CRL that somebody keeps up to date is not the one that counts.',
  remedy:
    'Give the Secret type: nginx.org/ca and the key ca.crt; have the CRL in ca.crl or in crlFileName, not in both.',
  references: [POLICY_DOCS, policySource('internal/k8s/secrets/validation.go'), POLICY_SOURCE],
  *check({ policies, trust }) {
    for (const { object, spec, secret, place } of policies) {
      const at = place('clientCertSecret');
      if (secret === null || secret === '') {
        yield { at, message: `${titleOf(object)} names no clientCertSecret: the controller refuses it` };
        continue;
      }
      const source = trust.find('Secret', object.namespace, secret);
      if (source === null) continue;
      const related = [source.object.at];
      if (source.type !== 'nginx.org/ca') {
        const message = `Secret ${secret} is of type ${source.type ?? 'Opaque'}, not nginx.org/ca: the server answers 500`;
        yield { at, message, related };
      }
      if (!source.keys.has('ca.crt')) {
        yield { at, message: `Secret ${secret} has no ca.crt: the server answers 500`, related };
      }
      const file = spec.get('crlFileName');
      if (file !== null && source.keys.has('ca.crl')) {
        const message = `ca.crl of Secret ${secret} does not count: crlFileName takes its place`;
        yield { at: file.at, message, severity: 'warning', related };
      }
    }
  },
};

export const POLICY_RULES: readonly ManifestRule[] = [
  ...[policyVerifyOff, policyVerifyOptional, policyContext, policyWithoutTls],
  ...[policyPlainHttp, policySecond, policyUnused, policySecret],
];
