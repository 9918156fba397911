import pLimit from 'p-limit';
import {
  type Coming,
  Probe,
  type ProbeAnswer,
  type ProbeIdentity,
  type ProbeTarget,
  type Visit,
} from '#engine';
import { askOnce, visitOnce } from './ask.js';
import { readCaNames } from './ca-names.js';
import { readCaNames13 } from './ca-names-tls13.js';

/** Handshakes that are begun at once: the clock of each runs, so a crowd of them would time itself out. */
const AT_ONCE = 64;

export interface TlsProbeOptions {
  /** Longest time of one question, from connect to the status line, in milliseconds; 5 s by default. */
  readonly timeoutMilliseconds?: number;
}

/**
 * Asks listeners over node:tls and plain sockets. Throws only PortError `probe.identity-unusable`, for an
 * identity whose key does not fit its certificate, and RangeError for a path that is none.
 */
export class TlsProbe extends Probe {
  readonly #timeout: number;
  readonly #turn = pLimit(AT_ONCE);

  constructor(options: TlsProbeOptions = {}) {
    super();
    this.#timeout = options.timeoutMilliseconds ?? 5_000;
  }

  async ask(target: ProbeTarget, identity: ProbeIdentity | null): Promise<ProbeAnswer> {
    return this.#turn(askOnce, target, identity, this.#timeout);
  }

  async visit(target: ProbeTarget, identity: ProbeIdentity, coming: Coming): Promise<Visit> {
    return this.#turn(visitOnce, target, identity, coming, this.#timeout);
  }

  async servedCaNames(target: ProbeTarget): Promise<readonly string[] | null> {
    return (await readCaNames(target, this.#timeout)) ?? readCaNames13(target, this.#timeout);
  }
}
