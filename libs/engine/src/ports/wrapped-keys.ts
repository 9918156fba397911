export interface WrappedKey {
  /** Id of the master key. */
  readonly id: string;
  /** As {@link KeyWrapper.wrap} gave it. */
  readonly wrapped: string;
  /** Whether its moment to seal has come. Of those, the last one seals. */
  readonly seals: boolean;
}

/** The wrapped master keys of an installation, which all its processes share. */
export abstract class WrappedKeys {
  /** In the order in which they seal, one after the other. */
  abstract list(): Promise<readonly WrappedKey[]>;
  /** Adds the first key of all, which seals at once. Does nothing where there is one. */
  abstract addFirst(id: string, wrapped: string): Promise<void>;
  /** Adds a key that seals in so many seconds, so that every process may know it by then. */
  abstract add(id: string, wrapped: string, sealsInSeconds: number): Promise<void>;
  /** Puts another wrapping of the same key in the place of the one before. */
  abstract rewrap(id: string, wrapped: string): Promise<void>;
  /** Removes a key if another one has sealed in its place for so many seconds; returns whether it did. */
  abstract removeSuperseded(id: string, forSeconds: number): Promise<boolean>;
}
