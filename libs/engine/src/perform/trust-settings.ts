import { isHostEffect, type RotationState } from '#rotation';

/** What decides a chain on a host beside the bundle. */
export interface HostTrustSetting {
  /** `ssl_verify_depth` */
  readonly depth: number;
  /** `ssl_trusted_certificate` */
  readonly trustedPem: string;
  /** Left out by journals from before it was asked for. */
  readonly nginxVersion?: string;
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
  return [...new Map(all.map((setting) => [keyOf(setting), setting])).values()];
}

function keyOf({ depth, trustedPem, nginxVersion }: HostTrustSetting): string {
  return [depth, nginxVersion ?? '', trustedPem].join(' ');
}
