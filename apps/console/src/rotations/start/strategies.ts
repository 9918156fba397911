import type { components } from '#api-client';

export type Strategy = NonNullable<components['schemas']['NewRotation']['strategy']>;

export interface StrategyWords {
  /** What it does to the fleet. */
  readonly does: string;
  /** What its button says. */
  readonly verb: string;
  /** Why it is not to be started by the way; null where any time will do. */
  readonly danger: string | null;
}

/** As docs/strategies.md has them, in the order of how often they are needed. */
export const STRATEGY_WORDS: Readonly<Record<Strategy, StrategyWords>> = {
  overlap: {
    does: 'To a new CA. Old and new are trusted together until nobody needs the old one; it can go back until the new CA issues.',
    verb: 'Start the rotation',
    danger: null,
  },
  rehearse: {
    does: 'A fire drill: a canary CA is trusted, its client is let in, and it is dropped again. Clients notice two reloads.',
    verb: 'Start the drill',
    danger: null,
  },
  sync: {
    does: 'Every host to the bundle that the fleet is recorded to serve: repairs drift, and brings in new hosts.',
    verb: 'Bring the hosts in sync',
    danger: null,
  },
  refresh: {
    does: 'The same anchors with the CRLs of now. Whoever was revoked since is refused.',
    verb: 'Bring the CRLs of now',
    danger: null,
  },
  replace: {
    does: 'To another bundle in one switch, for clients that are moved by other means.',
    verb: 'Replace the bundle',
    danger:
      'There is no overlap: clients of a CA that the new bundle leaves out are refused from the switch on.',
  },
  distrust: {
    does: 'Without some anchors: at once, on every host that can be reached, and for good.',
    verb: 'Distrust for good',
    danger:
      'There is no way back: no host waits for another, nothing is undone by itself, and clients of these anchors are refused at once.',
  },
};

export const STRATEGIES = Object.keys(STRATEGY_WORDS) as readonly Strategy[];
