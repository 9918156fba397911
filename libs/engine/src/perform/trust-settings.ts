import { isHostEffect, type RotationState } from '#rotation';

/** What decides a chain on a host beside the bundle: `ssl_verify_depth` and `ssl_trusted_certificate`. */
export interface HostTrustSetting {
  readonly depth: number;
  readonly trustedPem: string;
  /** Host, file and line that the setting was read from. */
  readonly where: string;
}

/** All different settings that the inspected hosts among these reported. */
export function trustSettings(state: RotationState, hostIds: readonly string[]): readonly HostTrustSetting[] {
  const all = [...state.effects.values()]
    .filter(
      ({ effect }) =>
        isHostEffect(effect) && effect.kind === 'host.inspect' && hostIds.includes(effect.hostId),
    )
    .flatMap(({ result }) => (result.settings ?? []) as HostTrustSetting[]);
  return [...new Map(all.map((setting) => [`${setting.depth} ${setting.trustedPem}`, setting])).values()];
}
