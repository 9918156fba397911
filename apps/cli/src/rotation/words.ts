/** What people tell a rotation, and whether they have to say why. */
export const VERBS = {
  pause: { says: 'holds a rotation at the next place where all hosts are on one side', reason: true },
  resume: { says: 'lets a paused rotation go on', reason: false },
  abort: { says: 'asks for the way back, before the fleet has decided', reason: true },
  retry: { says: 'tries again at once what waits for its next try', reason: false },
  override: { says: 'lets the old CA go although clients may still need it', reason: true },
  approve: { says: 'approves, as a second person, of the change of trust that was shown', reason: false },
} as const;
export type Verb = keyof typeof VERBS;

export function isVerb(word: string | undefined): word is Verb {
  return word !== undefined && Object.hasOwn(VERBS, word);
}

const WORDS = ['fleets', 'hosts', 'drift', 'rotations', 'rotate', 'get', 'explain', 'postmortem'];

/** Whether the word begins a command about fleets and rotations of an API. */
export function isRotationCommand(word: string | undefined): boolean {
  return WORDS.includes(word ?? '') || isVerb(word);
}
