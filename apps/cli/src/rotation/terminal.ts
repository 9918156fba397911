import { setTimeout as sleep } from 'node:timers/promises';
import logUpdate from 'log-update';
import type { Screen } from './watch.js';

/** Standard output: a person looks on where it is a terminal, and CI does not say otherwise. */
export function terminal(print: (line: string) => void): Screen {
  return {
    live: process.stdout.isTTY === true && !process.env.CI,
    redraw: (text) => logUpdate(text),
    clear: () => logUpdate.clear(),
    print,
    now: () => Date.now(),
    sleep: async (milliseconds) => {
      await sleep(milliseconds);
    },
  };
}
