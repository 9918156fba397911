import type { RotationEvent } from '#rotation';

/** What a process does at its moment: it is gone at once, or it stands still until somebody wakes it. */
export type Fate = 'SIGKILL' | 'SIGSTOP';

/** How a worker is started by a test; travels as JSON in its environment. */
export interface WorkerOrders {
  readonly databaseUrl: string;
  /** The queue lives there; in PostgreSQL where it is null. */
  readonly redisUrl: string | null;
  readonly masterKey: string;
  /** Such as `after commit host-2` or `before decision.made go expand 0`; null for a worker that nothing befalls. */
  readonly moment: string | null;
  readonly fate: Fate;
  /** Names of the hosts by their ids, because people write names into tests. */
  readonly hostNames: Readonly<Record<string, string>>;
}

/** What an event is called in a moment: `effect.intended expand.1/host.commit/host-2`, `decision.made keep expand`. */
export function eventName(event: RotationEvent, hostNames: WorkerOrders['hostNames']): string {
  switch (event.type) {
    case 'decision.made': {
      const { kind } = event.decision;
      const transition = 'transition' in event.decision ? ` ${event.decision.transition}` : '';
      const wave = event.decision.kind === 'go' ? ` ${event.decision.wave}` : '';
      return `${event.type} ${kind}${transition}${wave}`;
    }
    case 'effect.intended':
      return `${event.type} ${named(event.effect.id, hostNames)}`;
    case 'effect.succeeded':
    case 'effect.failed':
      return `${event.type} ${named(event.effectId, hostNames)}`;
    default:
      return event.type;
  }
}

function named(effectId: string, hostNames: WorkerOrders['hostNames']): string {
  const slash = effectId.lastIndexOf('/') + 1;
  const id = effectId.slice(slash);
  return effectId.slice(0, slash) + (hostNames[id] ?? id);
}
