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

/** The one kind of reference that every implementation has to take. */
export const isConfigMap = ({ kind, group }: CaReference) => kind === 'ConfigMap' && group === '';

export const isGrant = ({ kind, group }: KubeObject) => kind === 'ReferenceGrant' && group === API;

/** True when one of these ReferenceGrants lets Gateways of the namespace refer to that kind of object. */
export function isGranted(
  grants: readonly KubeObject[],
  { object }: Gateway,
  { kind, group, name, namespace }: CaReference,
): boolean {
  return grants.some(
    (grant) =>
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

/** The Gateways of these that serve the route on all of their listeners, because it names none. */
export function gatewaysOf(
  route: KubeObject,
  byName: ReadonlyMap<string, readonly Gateway[]>,
): readonly Gateway[] {
  const parents = route.root.get('spec', 'parentRefs')?.items() ?? [];
  return parents.flatMap((parent) => {
    if (parent.get('sectionName') !== null || parent.get('port') !== null) return [];
    const namespace = parent.get('namespace')?.text() ?? route.namespace;
    const named = byName.get(parent.get('name')?.written() ?? '');
    return named?.find(({ object }) => mayBeIn(object, namespace)) ?? [];
  });
}

export const isHttpRoute = ({ kind, group }: KubeObject) => kind === 'HTTPRoute' && group === API;

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
