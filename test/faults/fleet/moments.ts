import type { Append, Journal } from '#engine';
import type { Installation } from '#installation';
import type { Decision, RotationEvent, TransitionName } from '#rotation';

type Parts = Installation['parts'];
type Matches = (event: RotationEvent) => boolean;

interface Awaited {
  readonly matches: Matches;
  readonly strike: () => unknown;
}

/**
 * Exact moments in the life of a rotation, for somebody who wants to strike then: when an entry is in the journal
 * and its writer does not know so yet. The writer waits until the strike is done.
 */
export class Moments {
  private awaited: Awaited[] = [];

  /** To be given to an installation as `alter`. */
  readonly watch = (parts: Parts): Parts => ({ ...parts, journal: this.watched(parts.journal) });

  /** Strikes once, at the first entry that matches. Resolves when that is done, and rejects as the strike does. */
  once(matches: Matches, strike: () => unknown): Promise<void> {
    return new Promise((resolve, reject) => {
      const struck = async () => strike();
      this.awaited.push({ matches, strike: () => struck().then(() => resolve(), reject) });
    });
  }

  /** Nobody waits for anything any more. */
  forget(): void {
    this.awaited = [];
  }

  private watched(journal: Journal): Journal {
    const append = async (entry: Append) => {
      const written = await journal.append(entry);
      for (const event of entry.events) await this.strikeAt(event);
      return written;
    };
    return new Proxy(journal, {
      get: (target, name) => {
        if (name === 'append') return append;
        const member: unknown = Reflect.get(target, name);
        return typeof member === 'function' ? member.bind(target) : member;
      },
    });
  }

  private async strikeAt(event: RotationEvent): Promise<void> {
    const now = this.awaited.filter(({ matches }) => matches(event));
    this.awaited = this.awaited.filter((one) => !now.includes(one));
    for (const { strike } of now) await strike();
  }
}

export function decided(kind: Decision['kind'], transition?: TransitionName): Matches {
  return (event) =>
    event.type === 'decision.made' &&
    event.decision.kind === kind &&
    (transition === undefined ||
      ('transition' in event.decision && event.decision.transition === transition));
}

export function intended(id: RegExp): Matches {
  return (event) => event.type === 'effect.intended' && id.test(event.effect.id);
}

export function succeeded(id: RegExp): Matches {
  return (event) => event.type === 'effect.succeeded' && id.test(event.effectId);
}

export function failed(id: RegExp): Matches {
  return (event) => event.type === 'effect.failed' && id.test(event.effectId);
}
