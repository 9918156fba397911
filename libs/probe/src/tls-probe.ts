import pLimit from 'p-limit';
import {
  type Coming,
  PortError,
  Probe,
  type ProbeAnswer,
  type ProbeIdentity,
  type ProbeTarget,
  type Visit,
} from '#engine';
import { askOnce, visitOnce } from './ask.js';
import { readCaNames } from './ca-names.js';
import { readCaNames13 } from './ca-names-tls13.js';
import { ANYWHERE, type ProbeReach } from './reach.js';

/** Handshakes that are begun at once: the clock of each runs, so a crowd of them would time itself out. */
const AT_ONCE = 64;

export interface TlsProbeOptions {
  /** Longest time of one question, from connect to the status line, in milliseconds; 5 s by default. */
  readonly timeoutMilliseconds?: number;
  /** Anywhere when left out. */
  readonly reach?: ProbeReach;
}

/**
 * Asks listeners over node:tls and plain sockets. Throws only PortError `probe.identity-unusable`, for an
 * identity whose key does not fit its certificate, `probe.not-allowed` for a target out of reach, and RangeError for
 * a path that is none.
 */
export class TlsProbe extends Probe {
  readonly #timeout: number;
  readonly #turn = pLimit(AT_ONCE);
  readonly #reach: ProbeReach;

  constructor({ timeoutMilliseconds = 5_000, reach = ANYWHERE }: TlsProbeOptions = {}) {
    super();
    this.#timeout = timeoutMilliseconds;
    this.#reach = reach;
  }

  async ask(target: ProbeTarget, identity: ProbeIdentity | null): Promise<ProbeAnswer> {
    const found = await this.#find(target);
    if (found.at === null) return found.answer;
    return this.#turn(askOnce, { ...target, at: found.at }, identity, this.#timeout);
  }

  async visit(target: ProbeTarget, identity: ProbeIdentity, coming: Coming): Promise<Visit> {
    const found = await this.#find(target);
    if (found.at === null) return { answer: found.answer, resumed: false, session: null };
    return this.#turn(visitOnce, { ...target, at: found.at }, identity, coming, this.#timeout);
  }

  async servedCaNames(target: ProbeTarget): Promise<readonly string[] | null> {
    const place = { ...target, at: await this.#reach.addressFor(target) };
    return (await readCaNames(place, this.#timeout)) ?? readCaNames13(place, this.#timeout);
  }

  /** The address that was checked, or what is answered in the place of a name that has none. */
  async #find(target: ProbeTarget): Promise<{ at: string } | { at: null; answer: ProbeAnswer }> {
    try {
      return { at: await this.#reach.addressFor(target) };
    } catch (error) {
      if (!(error instanceof PortError) || error.problem.code !== 'probe.no-answer') throw error;
      return { at: null, answer: { kind: 'no-answer', reason: error.problem.message } };
    }
  }
}
