import type { Place } from '../rule.js';
import { type KubeObject, mayBeIn } from './kube-object.js';
import type { ManifestNode } from './manifest-node.js';

const API = 'gateway.networking.k8s.io';

export interface GatewayListener {
  readonly name: string;
  readonly port: string;
  readonly protocol: string;
  readonly isPassthrough: boolean;
  readonly node: ManifestNode;
}

/** A Gateway of the Gateway API and how it validates clients. */
export interface Gateway {
  readonly object: KubeObject;
  readonly listeners: readonly GatewayListener[];
  /** `spec.tls.frontend.default.validation`; null when there is none. */
  readonly validation: ManifestNode | null;
  /** `spec.tls.frontend.perPort`: what a port has in place of the default. */
  readonly ports: readonly {
    readonly port: string;
    readonly at: Place;
    readonly validation: ManifestNode | null;
  }[];
}

export function gatewayOf(object: KubeObject): Gateway | null {
  if (object.kind !== 'Gateway' || object.group !== API) return null;
  const frontend = object.root.get('spec', 'tls', 'frontend');
  return {
    object,
    listeners: (object.root.get('spec', 'listeners')?.items() ?? []).map((node) => ({
      node,
      name: node.get('name')?.written() ?? '',
      port: node.get('port')?.written() ?? '',
      protocol: node.get('protocol')?.text() ?? '',
      isPassthrough: node.get('tls', 'mode')?.text() === 'Passthrough',
    })),
    validation: frontend?.get('default', 'validation') ?? null,
    ports: (frontend?.get('perPort')?.items() ?? []).map((entry) => ({
      port: entry.get('port')?.written() ?? '',
      at: entry.at,
      validation: entry.get('tls', 'validation'),
    })),
  };
}

/** Every validation of a Gateway, the default one first. */
export function validationsOf({ validation, ports }: Gateway): readonly ManifestNode[] {
  return [validation, ...ports.map((port) => port.validation)].filter((one) => one !== null);
}

/** A reference to certificates of CAs. */
export interface CaReference {
  readonly kind: string;
  readonly group: string;
  readonly name: string;
  /** Null: that of the Gateway. */
  readonly namespace: string | null;
  readonly at: Place;
}

export function caReferencesOf(validation: ManifestNode): readonly CaReference[] {
  return (validation.get('caCertificateRefs')?.items() ?? []).map((item) => ({
    kind: item.get('kind')?.text() ?? '',
    group: item.get('group')?.text() ?? '',
    name: item.get('name')?.written() ?? '',
    namespace: item.get('namespace')?.text() ?? null,
    at: item.at,
  }));
}

/** True when a ReferenceGrant of these lets Gateways of the namespace refer to that kind of object. */
export function isGranted(
  objects: readonly KubeObject[],
  { object }: Gateway,
  { kind, group, name, namespace }: CaReference,
): boolean {
  return objects.some(
    (grant) =>
      grant.kind === 'ReferenceGrant' &&
      grant.group === API &&
      mayBeIn(grant, namespace) &&
      (grant.root.get('spec', 'from')?.items() ?? []).some(
        (from) =>
          from.get('group')?.text() === API &&
          from.get('kind')?.text() === 'Gateway' &&
          mayBeIn(object, from.get('namespace')?.text() ?? null),
      ) &&
      (grant.root.get('spec', 'to')?.items() ?? []).some(
        (to) =>
          (to.get('group')?.text() ?? '') === group &&
          to.get('kind')?.text() === kind &&
          [null, name].includes(to.get('name')?.text() ?? null),
      ),
  );
}

/** Routes that a listener of the Gateway serves because they name no listener of it. */
export function routesOfAll(objects: readonly KubeObject[], { object }: Gateway): readonly KubeObject[] {
  return objects.filter(
    (route) =>
      route.kind === 'HTTPRoute' &&
      route.group === API &&
      (route.root.get('spec', 'parentRefs')?.items() ?? []).some(
        (parent) =>
          parent.get('name')?.written() === object.name &&
          mayBeIn(object, parent.get('namespace')?.text() ?? route.namespace) &&
          parent.get('sectionName') === null &&
          parent.get('port') === null,
      ),
  );
}

/** True when every rule of the route only sends clients elsewhere. */
export function onlyRedirects({ root }: KubeObject): boolean {
  const rules = root.get('spec', 'rules')?.items() ?? [];
  return (
    rules.length > 0 &&
    rules.every((rule) =>
      (rule.get('filters')?.items() ?? []).some((filter) => filter.get('type')?.text() === 'RequestRedirect'),
    )
  );
}
