import { type KnownHostLine, KnownHostsFault, knownHostKey, readKnownHosts } from '#host';
import type { FieldFault } from '../http/problem.js';
import { RequestFault } from '../http/request-fault.js';
import type { GivenHostKey } from './host-key-fields.js';

/** Faults that one reply names at most. */
const MOST = 50;

/** A server as it was sent. */
interface GivenServer extends GivenHostKey {
  readonly address: string;
  readonly port: number;
}

/** Finds the one key to pin for each server of a request, and collects what speaks against it. */
export class GivenHostKeys {
  private readonly faults = new Map<string, FieldFault>();
  private readonly read = new Map<string, readonly KnownHostLine[]>();

  /** `shared`: the known_hosts for servers that bring no key. */
  constructor(private readonly shared: string | undefined) {}

  /** Null where there is a fault. `label` names the server to people, `pointer` its place in the request. */
  keyOf(server: GivenServer, label: string, pointer: string): string | null {
    const { hostKey, knownHosts, hostKeyAlgorithm } = server;
    if (hostKey !== undefined) return this.alone(hostKey, server, pointer);
    const text = knownHosts ?? this.shared;
    if (text === undefined) return this.fault(`${pointer}/hostKey`, 'is missing: give it or knownHosts');
    try {
      return knownHostKey(this.linesOf(text), server, hostKeyAlgorithm);
    } catch (error) {
      if (!(error instanceof KnownHostsFault)) throw error;
      const place = knownHosts === undefined ? '#/knownHosts' : `${pointer}/knownHosts`;
      return this.fault(place, `${label}: ${error.message}`);
    }
  }

  /** Throws RequestFault `request.invalid` that names each server, and the line where there is one. */
  refuseFaults(): void {
    const errors = [...this.faults.values()];
    if (errors.length === 0) return;
    throw new RequestFault(
      'request.invalid',
      `${errors.length === 1 ? 'A host key' : `${errors.length} host keys`} cannot be told from what was sent.`,
      'Correct what errors[] names: check the key with the host itself, and leave exactly one for it.',
      { errors: errors.slice(0, MOST) },
    );
  }

  private alone(
    hostKey: string,
    { knownHosts, hostKeyAlgorithm }: GivenHostKey,
    pointer: string,
  ): string | null {
    if (knownHosts !== undefined) {
      return this.fault(`${pointer}/knownHosts`, 'give one of hostKey and knownHosts');
    }
    if (hostKeyAlgorithm === undefined) return hostKey;
    return this.fault(`${pointer}/hostKeyAlgorithm`, 'chooses from knownHosts, and there is none');
  }

  private linesOf(text: string): readonly KnownHostLine[] {
    const lines = this.read.get(text) ?? readKnownHosts(text);
    this.read.set(text, lines);
    return lines;
  }

  private fault(pointer: string, detail: string): null {
    this.faults.set(`${pointer} ${detail}`, { pointer, detail });
    return null;
  }
}
