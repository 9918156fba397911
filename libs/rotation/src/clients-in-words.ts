/** What a change of anchors means for clients. */
export interface ClientChange {
  /** How many get in then. */
  readonly accepted: number;
  /** Who gets in today, and somewhere no longer. */
  readonly lost: readonly string[];
  /** Who does not get in everywhere today, and somewhere more then. */
  readonly gained?: readonly string[];
}

/** Such as `samples: 12 accepted, 2 will be refused: pos, app`. */
export function clientsInWords(
  what: 'samples' | 'clients',
  { accepted, lost, gained = [] }: ClientChange,
): string {
  const named = (change: string, names: readonly string[]) =>
    names.length === 0 ? '' : `${names.length} ${change}: ${names.join(', ')}`;
  const out = named('will be refused', lost);
  const parts = [[`${accepted} accepted`, out].filter(Boolean).join(', '), named('will get in', gained)];
  return `${what}: ${parts.filter(Boolean).join('; ')}`;
}
