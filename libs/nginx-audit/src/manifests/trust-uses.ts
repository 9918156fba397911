import type { Place } from '../rule.js';
import type { AuthTls } from './auth-tls.js';
import { caReferencesOf, type Gateway, isConfigMap, validationsOf } from './gateway.js';
import type { KubeObject } from './kube-object.js';
import type { MtlsPolicy } from './mtls-policy.js';
import type { TrustSource, TrustSources } from './trust-sources.js';

/** Something that verifies clients with a Secret or ConfigMap that is at hand. */
export interface TrustUse {
  readonly user: KubeObject;
  readonly source: TrustSource;
  /** Where it is named. */
  readonly at: Place;
  /** Intermediates that a chain may have, and where that is said; null where the standard leaves it open. */
  readonly depth: { readonly value: number; readonly at: Place } | null;
}

export function secretOf({ secretName, object }: AuthTls, trust: TrustSources): TrustSource | null {
  if (secretName === null) return null;
  const namespace = secretName.namespace === '' ? object.namespace : secretName.namespace;
  return trust.find('Secret', namespace, secretName.name);
}

/** What asks for certificates, with the CAs it names. */
export function trustUses(
  authTls: readonly AuthTls[],
  policies: readonly MtlsPolicy[],
  gateways: readonly Gateway[],
  trust: TrustSources,
): readonly TrustUse[] {
  const use = (user: KubeObject, source: TrustSource | null, at: Place, depth: TrustUse['depth']) =>
    source === null ? [] : [{ user, source, at, depth }];
  return [
    ...authTls.flatMap((one) => {
      if (one.secret === null || one.verify === 'off') return [];
      const depth = { value: one.depth, at: one.place('auth-tls-verify-depth') };
      return use(one.object, secretOf(one, trust), one.secret.at, depth);
    }),
    ...policies.flatMap(({ object, secret, verify, depth, place }) => {
      if (secret === null || verify === 'off') return [];
      const source = trust.find('Secret', object.namespace, secret);
      return use(object, source, place('clientCertSecret'), { value: depth, at: place('verifyDepth') });
    }),
    ...gateways.flatMap((gateway) =>
      validationsOf(gateway)
        .flatMap(caReferencesOf)
        .filter(isConfigMap)
        .flatMap(({ name, namespace, at }) =>
          use(gateway.object, trust.find('ConfigMap', namespace ?? gateway.object.namespace, name), at, null),
        ),
    ),
  ];
}
