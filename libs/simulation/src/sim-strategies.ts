import type { Revocation, RotationRequest } from '#engine';
import type { Strategy } from '#rotation';
import { anchorId, anchorsOf, type ComposedGeneration, composeGeneration, parseBundle } from '#trust';
import { SIMULATED_CAS } from './certificates.js';
import type { Observer } from './observer.js';
import type { Random } from './random.js';
import { crlOf, pemOf } from './sim-ca.js';
import type { SimMachine } from './sim-machine.js';

/** A CA that the mount knows nothing of, and gets to last. */
const PARTNERS = SIMULATED_CAS.length - 1;
const ALONE = [pemOf(0)];
const BOTH = [pemOf(0), pemOf(PARTNERS)];

/** What a world is asked for: mostly a rotation to a new CA. */
export function drawStrategy(random: Random): Strategy {
  const others: readonly Strategy[] = ['replace', 'distrust', 'sync', 'rehearse', 'refresh'];
  return random.chance(0.6) ? 'overlap' : random.pick(others);
}

/** Whether fleets that share the CA can be asked together. */
export function goesTogether(strategy: Strategy): boolean {
  return strategy === 'overlap' || strategy === 'distrust';
}

/** What the hosts of the world serve in the beginning. */
export function bundleAtFirst(strategy: Strategy, revocation: Revocation): ComposedGeneration {
  return composeGeneration({
    anchorsPem: strategy === 'distrust' ? BOTH : ALONE,
    crlsPem: revocation === 'crl' ? [crlOf(0)] : [],
    markerPem: null,
  });
}

/** What the strategy has to be told. */
export function wishesOf(strategy: Strategy, random: Random): Partial<RotationRequest> {
  const goes = anchorsOf(parseBundle(pemOf(random.chance(0.5) ? 0 : PARTNERS)));
  switch (strategy) {
    case 'replace':
      return { strategy, bundlePem: BOTH.join('') };
    case 'distrust':
      return { strategy, anchors: goes.map(anchorId) };
    default:
      return { strategy };
  }
}

/** Somebody was at some hosts before they are to be brought back. */
export function driftBefore(world: {
  readonly random: Random;
  readonly observer: Observer;
  readonly hosts: readonly SimMachine[];
}): void {
  const { content } = composeGeneration({ anchorsPem: [...BOTH].reverse(), markerPem: null });
  for (const host of world.hosts) {
    if (!world.random.chance(0.5)) continue;
    world.observer.tamper(host);
    host.reimage(content);
  }
}

/** Whether the hosts of a world have CRLs. Not drawn, for the reason below. */
export function revocationOf(seed: number, strategy: Strategy): Revocation {
  if (strategy === 'refresh') return 'crl';
  return ['overlap', 'rehearse'].includes(strategy) && seed % 4 === 1 ? 'crl' : 'none';
}

/** Whether a role of the CA names its first issuer. Not drawn: what else a seed has in store stays as it is. */
export function pinsRole({ seed, strategy = 'overlap' }: { seed: number; strategy?: Strategy }): boolean {
  return strategy === 'overlap' && seed % 3 === 2;
}
