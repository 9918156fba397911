import type { components } from '#api-client';
import { holdsPrivateKey } from '../../elements/private-key.js';
import type { Fleet } from '../../fleets/all-fleets.js';
import { STRATEGY_WORDS, type Strategy } from './strategies.js';

export type NewRotation = components['schemas']['NewRotation'];

/** What somebody fills in before a rotation is asked for. */
export interface Wish {
  readonly strategy: Strategy;
  readonly reason: string;
  /** Ids of further fleets. */
  readonly together: readonly string[];
  /** For `replace`. */
  readonly bundlePem: string;
  /** For `distrust`: ids of anchors. */
  readonly anchors: readonly string[];
}

export function firstWish(sharing: readonly Fleet[]): Wish {
  const together = sharing.map(({ id }) => id);
  return { strategy: 'overlap', reason: '', together, bundlePem: '', anchors: [] };
}

/** Which strategies work on several fleets. */
export function goesTogether(strategy: Strategy): boolean {
  return strategy === 'overlap' || strategy === 'distrust';
}

/** The other fleets of the same issuing CA, which switches for all of them or for none. */
export function sharingCa(fleet: Fleet, all: readonly Fleet[]): readonly Fleet[] {
  return all.filter(({ id, issuingCa }) => id !== fleet.id && issuingCa.id === fleet.issuingCa.id);
}

/** What the API is asked: no field that the strategy does not read. */
export function bodyOf(fleetId: string, wish: Wish): NewRotation {
  const { strategy, reason, together, bundlePem, anchors } = wish;
  return {
    ...{ fleetId, strategy, reason: reason.trim() },
    ...(goesTogether(strategy) && together.length > 0 ? { together: [...together] } : {}),
    ...(strategy === 'replace' ? { bundlePem } : {}),
    ...(strategy === 'distrust' ? { anchors: [...anchors] } : {}),
  };
}

/** What is still to be filled in before a plan can be asked for, in words; null where nothing is. */
export function missingFrom({ strategy, reason, bundlePem, anchors }: Wish): string | null {
  if (strategy === 'replace' && bundlePem.trim() === '') return 'Give the bundle that is trusted then.';
  if (strategy === 'replace' && holdsPrivateKey(bundlePem)) return 'Take the private key out of the bundle.';
  if (strategy === 'distrust' && anchors.length === 0) return 'Choose the anchors that go.';
  if (strategy === 'distrust' && reason.trim() === '') return 'A distrust needs a reason: it is on record.';
  return null;
}

/** What has no way back waits for the name of the fleet to be typed. */
export function needsName(strategy: Strategy): boolean {
  return STRATEGY_WORDS[strategy].danger !== null;
}
