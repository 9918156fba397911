/**
 * Who did something, as the journal has it: an id that is theirs alone and has no space, and behind it in
 * parentheses a name for people, which may change.
 */
export function actorText(id: string, name: string): string {
  return name === '' ? id : `${id} (${name})`;
}

/** The id of the actor, whatever it was called then. */
export function actorId(actor: string): string {
  return /^(\S+) \(.*\)$/s.exec(actor)?.[1] ?? actor;
}
