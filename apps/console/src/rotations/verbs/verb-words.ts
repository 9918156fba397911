import { courseOf, isSwitching, type RotationState, trustDiffInWords } from '#rotation';
import type { Verb } from './offered.js';

export interface VerbWords {
  /** On the button that opens the dialog, and on the one that does it. */
  readonly label: string;
  /** What will happen. */
  will(state: RotationState): string;
  /** The API wants to know why. */
  readonly needsReason: boolean;
  readonly danger: boolean;
}

const GOES_BACK =
  'Every host that was switched gets its old bundle back, byte for byte, and what was staged is dropped';

export const VERB_WORDS: Readonly<Record<Verb, VerbWords>> = {
  approve: {
    label: 'Approve',
    will: (state) =>
      `The old CA is dropped from ${hosts(state)}. You approve of exactly this: ${trustDiffInWords(state)}`,
    ...{ needsReason: false, danger: true },
  },
  resume: {
    label: 'Resume',
    will: () => 'It goes on where it stands, and what failed is tried again, under a new attempt.',
    ...{ needsReason: false, danger: false },
  },
  retry: {
    label: 'Try again now',
    will: () =>
      'What failed, and what waits for its next look, is tried at once instead of after its pause. Nothing else changes.',
    ...{ needsReason: false, danger: false },
  },
  override: {
    label: 'Override the gate',
    will: () =>
      'The old CA is dropped although clients may still need it. Those that are named under “Trust” are refused from then on, unless they renew before.',
    ...{ needsReason: true, danger: true },
  },
  pause: {
    label: 'Pause',
    will: (state) =>
      isSwitching(state)
        ? 'A switch of the fleet is under way. It is carried to its end first, because a half-switched fleet is no place to wait in; then it stands still until somebody resumes it.'
        : 'It stands still here until somebody resumes it. No client is refused meanwhile.',
    ...{ needsReason: true, danger: false },
  },
  abort: {
    label: 'Abort',
    will: (state) => {
      // Where the CA stays, no issuer was made.
      const issuer = courseOf(state).movesCa ? ', and the new issuer is withdrawn' : '';
      return state.phase === 'preflight' || state.phase === 'stage'
        ? `Nothing was switched yet: what was staged is dropped${issuer}. Then it ends.`
        : `${GOES_BACK}${issuer}. Clients notice a reload. It cannot be taken back.`;
    },
    ...{ needsReason: true, danger: true },
  },
};

function hosts({ snapshot }: RotationState): string {
  const count = snapshot.waves.flat().length;
  return count === 1 ? 'the one host' : `all ${count} hosts`;
}
