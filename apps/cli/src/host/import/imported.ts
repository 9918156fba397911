/** A server as a file names it; null where it says nothing. */
export interface ImportedServer {
  readonly address: string;
  readonly port: number;
  readonly user: string | null;
  /** As it stands there; `~` is not followed yet. */
  readonly keyFile: string | null;
}

export interface ImportedHost extends ImportedServer {
  /** Where the file names it, counted from 1. */
  readonly line: number;
  readonly name: string;
  readonly jump: ImportedServer | null;
  readonly hostKey?: string;
  readonly managedPaths?: readonly string[];
  readonly listeners?: readonly string[];
}

/** A line, what it is about, and what is to be said of it. */
export interface Remark {
  readonly line: number;
  readonly what: string;
  readonly why: string;
}

/** What a file names. */
export interface Imported {
  readonly hosts: readonly ImportedHost[];
  /** Hosts that cannot be enrolled as the file has them. */
  readonly unusable: readonly Remark[];
  /** What was not understood and is passed over. */
  readonly passedOver: readonly Remark[];
}

/** What cannot be enrolled, while a host is read; the message is the reason. */
export class Unusable extends Error {
  override readonly name = 'Unusable';
}

/** Throws {@link Unusable}. */
export function portIn(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port > 0 && port < 65_536) return port;
  throw new Unusable(`"${text}" is no port`);
}

/** Sorts the hosts that `read` gives from those that it throws {@link Unusable} of. */
export function readEach<Item extends { readonly line: number; readonly name: string }>(
  items: readonly Item[],
  read: (item: Item) => ImportedHost,
): Pick<Imported, 'hosts' | 'unusable'> {
  const hosts: ImportedHost[] = [];
  const unusable: Remark[] = [];
  for (const item of items) {
    try {
      hosts.push(read(item));
    } catch (error) {
      if (!(error instanceof Unusable)) throw error;
      unusable.push({ line: item.line, what: item.name, why: error.message });
    }
  }
  return { hosts, unusable };
}
