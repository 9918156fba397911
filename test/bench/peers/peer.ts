import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TestHost } from '#kit';

/** Where a tool finds the client that it shows to each host behind the switch. */
export interface ProbeFiles {
  readonly certificateFile: string;
  readonly keyFile: string;
}

/** A tool that people would do this job with, as somebody who knows it well would use it. */
export interface Peer {
  readonly name: string;
  /**
   * Brings the bundle to every host, and shows the client to each where there is one. Rejects with what the tool said
   * of the first that failed.
   */
  bring(bundle: string, client: ProbeFiles | null): Promise<void>;
}

/** The hosts as any tool has to know them: addresses, pinned keys, a key to log in with. */
export class PeerFleet {
  readonly knownHosts: string;
  readonly identity: string;

  constructor(
    readonly hosts: readonly TestHost[],
    private readonly folder: string,
  ) {
    this.identity = path.join(folder, 'client');
    this.knownHosts = this.file(
      'known_hosts',
      hosts.map((host) => `[${host.address}]:${host.sshPort} ${host.hostKey}\n`).join(''),
    );
  }

  /** Writes a file for the tools, which only root may read, and returns where it is. */
  file(name: string, text: string): string {
    const place = path.join(this.folder, 'peers', name);
    mkdirSync(path.dirname(place), { recursive: true });
    writeFileSync(place, text, { mode: 0o600 });
    return place;
  }
}
