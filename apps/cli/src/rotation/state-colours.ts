import { styleText } from 'node:util';
import type { components } from '#api-client';
import type { Screen } from '../command-line/desk.js';

type State = components['schemas']['Rotation']['status'] | components['schemas']['RotationHost']['step'];

/** Writes a word about a state in its colour, or as it is. */
export type Paint = (state: State, text: string) => string;

const COLOURS: Readonly<Record<State, 'gray' | 'cyan' | 'yellow' | 'red' | 'green'>> = {
  ...{ pending: 'gray', running: 'cyan', paused: 'yellow', blocked: 'red' },
  ...{ succeeded: 'green', reverted: 'yellow', refused: 'red', cancelled: 'gray' },
  ...{
    waiting: 'gray',
    inspected: 'gray',
    staged: 'cyan',
    committed: 'cyan',
    proven: 'cyan',
    confirmed: 'green',
  },
  ...{ restored: 'yellow', decommissioned: 'gray', unknown: 'red' },
};

export const PLAIN: Paint = (_state, text) => text;

/** What a screen can show. */
export function painter({ colour }: Pick<Screen, 'colour'>): Paint {
  // Whether the stream is a terminal was looked at already.
  return colour ? (state, text) => styleText(COLOURS[state], text, { validateStream: false }) : PLAIN;
}
