import type { RotationState } from './state.js';
import type { UsageVerdict } from './usage-verdict.js';

/** The effect that judges the gate of the contract that is tried now. */
export function gateEffectId({ attempt }: Pick<RotationState, 'attempt'>): string {
  return `contract.${attempt.contract}/usage.judge`;
}

/** What was found last, or null before that and where nobody asks. */
export function usageVerdict(state: RotationState): (UsageVerdict & { readonly judgedAt: string }) | null {
  const record = state.effects.get(gateEffectId(state));
  if (record?.status !== 'done') return null;
  return { ...(record.result as unknown as UsageVerdict), judgedAt: record.at };
}

/** Nobody needs the old CA any more, or a person took it upon themselves, or the fleet drops it in any case. */
export function isGateOpen(state: RotationState): boolean {
  if (state.snapshot.contractWhen !== 'unused' || state.override !== null) return true;
  return usageVerdict(state)?.open === true;
}

/** Why the contract may begin, as far as clients go. */
export function whyOpen(state: RotationState): string {
  const soaked = `the soak of ${state.snapshot.soakSeconds} s is over`;
  if (state.snapshot.contractWhen !== 'unused') return soaked;
  if (state.override) return `${state.override.by} opened the gate: ${state.override.because}`;
  return `${soaked}, ${usageVerdict(state)?.because ?? ''}`;
}
