import { setImmediate } from 'node:timers/promises';
import { type KnownHostLine, KnownHostsFault, knownHostKey, readKnownHosts } from '#host';
import type { FieldFault } from '../http/problem.js';
import { RequestFault } from '../http/request-fault.js';
import type { GivenHostKey } from './host-key-fields.js';

/** Faults that one reply names at most. */
const MOST = 50;

/** A host as it was sent. */
interface Given extends GivenHostKey {
  readonly name: string;
  readonly address: string;
  readonly port: number;
}

type Pinned<Host> = Omit<Host, keyof GivenHostKey> & { readonly hostKey: string };

/**
 * Every host with the one key that is pinned for it. `shared`: the known_hosts for those that bring no key.
 * Throws RequestFault `request.invalid` that names the host, and the line where there is one.
 */
export async function pinHostKeys<Host extends Given>(
  hosts: readonly Host[],
  shared: string | undefined,
  pointerOf: (index: number) => string,
): Promise<Pinned<Host>[]> {
  const keys = new HostKeys(shared);
  const pinned: Pinned<Host>[] = [];
  for (const [index, host] of hosts.entries()) {
    // A thousand hosts in a long file of hashed names take seconds, in which others are served too.
    await setImmediate();
    const { hostKey, knownHosts: _text, hostKeyAlgorithm: _chosen, ...rest } = host;
    const key = keys.keyOf(host, pointerOf(index));
    if (key !== null) pinned.push({ ...rest, hostKey: key });
  }
  keys.refuseFaults();
  return pinned;
}

class HostKeys {
  private readonly faults = new Map<string, FieldFault>();
  private readonly read = new Map<string, readonly KnownHostLine[]>();

  constructor(private readonly shared: string | undefined) {}

  /** Null where there is a fault. */
  keyOf(host: Given, pointer: string): string | null {
    const { hostKey, knownHosts, hostKeyAlgorithm } = host;
    if (hostKey !== undefined) return this.alone(hostKey, host, pointer);
    const text = knownHosts ?? this.shared;
    if (text === undefined) return this.fault(`${pointer}/hostKey`, 'is missing: give it or knownHosts');
    try {
      return knownHostKey(this.linesOf(text), host, hostKeyAlgorithm);
    } catch (error) {
      if (!(error instanceof KnownHostsFault)) throw error;
      const place = knownHosts === undefined ? '#/knownHosts' : `${pointer}/knownHosts`;
      return this.fault(place, `host ${host.name}: ${error.message}`);
    }
  }

  refuseFaults(): void {
    const errors = [...this.faults.values()];
    if (errors.length === 0) return;
    throw new RequestFault(
      'request.invalid',
      `The host key of ${errors.length === 1 ? 'a host' : `${errors.length} hosts`} cannot be told from what was sent.`,
      'Correct what errors[] names: check the key with the host itself, and leave exactly one for it.',
      { errors: errors.slice(0, MOST) },
    );
  }

  private alone(hostKey: string, { knownHosts, hostKeyAlgorithm }: Given, pointer: string): string | null {
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
