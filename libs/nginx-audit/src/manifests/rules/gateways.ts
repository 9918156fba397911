import type { Report, Rule } from '../../rule.js';
import {
  type CaReference,
  caReferencesOf,
  type Gateway,
  gatewaysOf,
  isConfigMap,
  isGrant,
  isGranted,
  isHttpRoute,
  onlyRedirects,
  validationsOf,
} from '../gateway.js';
import { grouped } from '../grouped.js';
import { type KubeObject, titleOf } from '../kube-object.js';
import type { ManifestNode } from '../manifest-node.js';
import type { ManifestView } from '../manifest-view.js';
import { GATEWAY_DOCS, GATEWAY_SOURCE } from '../references.js';
import type { TrustSources } from '../trust-sources.js';

type ManifestRule = Rule<ManifestView>;

const validating = ({ gateways }: ManifestView) => gateways.filter((one) => validationsOf(one).length > 0);
const SPEC = { title: 'Gateway API: specification', url: 'https://gateway-api.sigs.k8s.io/reference/spec/' };

const insecureFallback: ManifestRule = {
  id: 'gateway-insecure-fallback',
  title: 'A Gateway takes clients whose certificate it could not validate',
  severity: 'error',
  does: 'With mode AllowInsecureFallback a Gateway takes connections without a certificate, and with one that fails validation. The default, AllowValidOnly, takes neither.',
  matters: 'Everybody gets in; the specification itself calls it a significant security risk.',
  remedy: 'Leave mode out, or set AllowValidOnly.',
  references: [GATEWAY_DOCS, GATEWAY_SOURCE],
  *check(view) {
    for (const gateway of validating(view)) {
      for (const validation of validationsOf(gateway)) {
        const mode = validation.get('mode');
        if (mode?.text() !== 'AllowInsecureFallback') continue;
        yield {
          at: mode.at,
          message: `${titleOf(gateway.object)} serves clients with any certificate, and without one`,
        };
      }
    }
  },
};

const portUnvalidated: ManifestRule = {
  id: 'gateway-port-unvalidated',
  title: 'A port of a Gateway that validates clients does not',
  severity: 'error',
  does: 'tls.frontend.default holds for the HTTPS listeners of all ports but those in perPort: what stands there takes its place, also where it has no validation.',
  matters: 'Every host of that port is open, while the Gateway looks as if it validated clients.',
  remedy: 'Give the port a validation of its own, or take it out of perPort.',
  references: [GATEWAY_DOCS, GATEWAY_SOURCE],
  *check(view) {
    for (const { object, ports } of validating(view)) {
      for (const { port, at, validation } of ports) {
        if (validation !== null) continue;
        yield {
          at,
          message: `port ${port} of ${titleOf(object)} has no validation: it asks nobody for a certificate`,
        };
      }
    }
  },
};

const portUnlistened: ManifestRule = {
  id: 'gateway-port-unlistened',
  title: 'Validation is set for a port without an HTTPS listener',
  severity: 'warning',
  does: 'An entry of perPort holds for the HTTPS listeners of its port, and for nothing where there is none.',
  matters: 'The listener that was meant has the default validation, or none.',
  remedy: 'Write the port of the listener.',
  references: [GATEWAY_DOCS, GATEWAY_SOURCE],
  *check({ gateways }) {
    for (const { object, ports, listeners } of gateways) {
      const https = new Set(listeners.filter(({ protocol }) => protocol === 'HTTPS').map(({ port }) => port));
      for (const { port, at } of ports) {
        if (https.has(port)) continue;
        yield { at, message: `${titleOf(object)} has no HTTPS listener on port ${port}` };
      }
    }
  },
};

const oldField: ManifestRule = {
  id: 'gateway-field-gone',
  title: 'Validation stands in a field that is gone',
  severity: 'error',
  does: 'frontendValidation of a listener was experimental, and v1.4 moved it to spec.tls.frontend of the Gateway. The API server drops a field that its definitions do not have, with a warning at most.',
  matters: 'After an upgrade of the definitions the listener asks nobody for a certificate.',
  remedy: 'Write spec.tls.frontend.default.validation, or perPort for one port.',
  references: [GATEWAY_DOCS, GATEWAY_SOURCE],
  *check({ gateways }) {
    for (const { object, listeners } of gateways) {
      for (const { name, node } of listeners) {
        const field = node.get('tls', 'frontendValidation');
        if (field === null) continue;
        yield {
          at: field.at,
          message: `listener ${name} of ${titleOf(object)} has frontendValidation, which v1.4 dropped`,
        };
      }
    }
  },
};

const plainListener: ManifestRule = {
  id: 'gateway-plain-listener',
  title: 'A route of a Gateway that validates clients is also served without TLS',
  severity: 'error',
  does: 'A route that names a Gateway and no listener of it is served by all of them, one with protocol HTTP too.',
  matters: 'Whoever says http:// needs no certificate at all.',
  remedy: 'Name the HTTPS listener in sectionName of the parentRef, and redirect in a route of its own.',
  references: [SPEC, GATEWAY_SOURCE],
  *check(view) {
    const byName = grouped(validating(view), ({ object }) => object.name);
    for (const route of view.objects.filter(isHttpRoute)) {
      if (onlyRedirects(route)) continue;
      for (const { listeners } of gatewaysOf(route, byName)) {
        const plain = listeners.find(({ protocol }) => protocol === 'HTTP');
        if (plain === undefined) continue;
        yield {
          at: route.at,
          message: `${titleOf(route)} is served on port ${plain.port} too, where nobody is asked for a certificate`,
          related: [plain.node.at],
        };
      }
    }
  },
};

const uncovered: ManifestRule = {
  id: 'gateway-listener-uncovered',
  title: 'A listener that validation does not cover',
  severity: 'warning',
  does: 'tls.frontend holds for listeners with protocol HTTPS. One with protocol TLS, or that passes TLS through, is not validated by the Gateway.',
  matters: 'What stands behind that listener has to ask for certificates by itself.',
  remedy: 'Make it an HTTPS listener, or accept the finding where the backend verifies.',
  references: [GATEWAY_DOCS, GATEWAY_SOURCE],
  *check(view) {
    for (const { object, listeners } of validating(view)) {
      for (const { name, protocol, isPassthrough, node } of listeners) {
        if (protocol !== 'TLS' && !(protocol === 'HTTPS' && isPassthrough)) continue;
        yield {
          at: node.at,
          message: `listener ${name} of ${titleOf(object)} is not validated by the Gateway`,
        };
      }
    }
  },
};

const caReference: ManifestRule = {
  id: 'gateway-ca-reference',
  title: 'The CA of a Gateway cannot be counted on',
  severity: 'error',
  does: 'caCertificateRefs names one ConfigMap with ca.crt, of the namespace of the Gateway or with a ReferenceGrant. More than one reference, and other kinds, are up to the implementation. A listener without any valid reference is not accepted.',
  matters: 'Clients are refused where the reference is not taken, or their CA is not trusted.',
  remedy: 'Name one ConfigMap with all CAs in ca.crt, in the namespace of the Gateway.',
  references: [GATEWAY_DOCS, GATEWAY_SOURCE],
  *check(view) {
    const grants = view.objects.filter(isGrant);
    for (const gateway of validating(view)) {
      for (const validation of validationsOf(gateway)) {
        yield* referenceReports(view.trust, grants, gateway, validation);
      }
    }
  },
};

function* referenceReports(
  trust: TrustSources,
  grants: readonly KubeObject[],
  gateway: Gateway,
  validation: ManifestNode,
): Iterable<Report> {
  const references = caReferencesOf(validation);
  const [, second] = references;
  if (references.length === 0) {
    yield { at: validation.at, message: `${titleOf(gateway.object)} validates clients and names no CA` };
  }
  if (second !== undefined) {
    const message = 'a second reference counts only where the implementation takes it';
    yield { at: second.at, message, severity: 'warning' };
  }
  for (const reference of references) {
    yield* kindReports(reference);
    if (!isConfigMap(reference)) continue;
    const isAllowed = !isElsewhere(gateway, reference) || isGranted(grants, gateway, reference);
    if (!isAllowed) {
      const message = `ConfigMap ${reference.name} is in ${reference.namespace}, and no ReferenceGrant in these manifests allows it`;
      yield { at: reference.at, message, severity: 'warning' };
    }
    yield* keyReports(trust, gateway, reference);
  }
}

function* kindReports(reference: CaReference): Iterable<Report> {
  if (isConfigMap(reference)) return;
  const message = `${reference.kind} ${reference.name} as a CA counts only where the implementation takes it: only a ConfigMap is core`;
  yield { at: reference.at, message, severity: 'warning' };
}

function* keyReports(
  trust: TrustSources,
  gateway: Gateway,
  { name, namespace, at }: CaReference,
): Iterable<Report> {
  const source = trust.find('ConfigMap', namespace ?? gateway.object.namespace, name);
  if (source === null || source.keys.has('ca.crt')) return;
  yield {
    at,
    message: `ConfigMap ${name} has no ca.crt: the listener is not accepted`,
    related: [source.object.at],
  };
}

function isElsewhere({ object }: Gateway, { namespace }: CaReference): boolean {
  return namespace !== null && object.namespace !== null && namespace !== object.namespace;
}

export const GATEWAY_RULES: readonly ManifestRule[] = [
  ...[insecureFallback, portUnvalidated, portUnlistened, oldField],
  ...[plainListener, uncovered, caReference],
];
