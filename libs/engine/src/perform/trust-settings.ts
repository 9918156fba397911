import { isHostEffect, type RotationState } from '#rotation';
import { type HostTrustSetting, keyOf } from '../inspection/trust-settings.js';

/** A setting, and a host that has it. */
export interface FoundSetting extends HostTrustSetting {
  readonly hostId: string;
}

/** All different settings that the inspected hosts among these reported. */
export function trustSettings(state: RotationState, hostIds: readonly string[]): readonly FoundSetting[] {
  const all = [...state.effects.values()].flatMap(({ effect, result }) => {
    if (!isHostEffect(effect) || effect.kind !== 'host.inspect' || !hostIds.includes(effect.hostId))
      return [];
    const settings = (result.settings ?? []) as HostTrustSetting[];
    return settings.map((setting) => ({ ...setting, hostId: effect.hostId }));
  });
  // Backwards, so that the first of each kind stays.
  return [...new Map(all.reverse().map((setting) => [keyOf(setting), setting])).values()].reverse();
}
