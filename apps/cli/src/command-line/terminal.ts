import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Desk, Environment, Person, Screen } from './desk.js';
import { Progress } from './progress.js';
import { visible } from './visible.js';

type RedrawLine = typeof import('log-update')['default'];

/** The desk of this process, and what has to be done when the command is over. */
export interface Terminal extends Desk {
  readonly end: () => void;
}

/** `called`: the words of the command, shown while it takes long. */
export function openTerminal(called: string, env: Environment): Terminal {
  const { stdin, stdout, stderr } = process;
  const inCi = Boolean(env.CI);
  const progress = new Progress({
    live: stderr.isTTY === true && !inCi,
    write: (text) => void stderr.write(text),
    now: () => performance.now(),
  });
  progress.start(`windlass ${called}`);
  const print = (line: string) => {
    progress.hush();
    stdout.write(`${visible(line)}\n`);
  };
  return {
    ...{ env, print, screen: screenOf(stdout, env, print, progress) },
    complain: (line) => {
      progress.hush();
      stderr.write(`${visible(line)}\n`);
    },
    person: personAt({ present: stdin.isTTY === true && stderr.isTTY === true && !inCi, progress }),
    waitingFor: (what) => progress.waitingFor(visible(what)),
    end: () => progress.stop(),
  };
}

/** A person looks on where it is a terminal and CI does not say otherwise; colours also where NO_COLOR does not. */
function screenOf(
  { isTTY }: Pick<NodeJS.WriteStream, 'isTTY'>,
  env: Environment,
  print: (line: string) => void,
  progress: Progress,
): Screen {
  const live = isTTY === true && !env.CI;
  let redrawLine: RedrawLine | null = null;
  return {
    ...{ live, colour: live && !env.NO_COLOR && env.TERM !== 'dumb', print },
    open: async () => {
      progress.stop();
      redrawLine ??= (await import('log-update')).default;
    },
    redraw: (text) => redrawLine?.(visible(text)),
    clear: () => redrawLine?.clear(),
    now: () => Date.now(),
    sleep: async (milliseconds) => {
      await sleep(milliseconds);
    },
  };
}

function personAt({ present, progress }: { present: boolean; progress: Progress }): Person {
  return {
    present,
    ask: (question) => {
      progress.stop();
      // The terminal edits the line, and ends the program with Ctrl-C, by itself.
      const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
      return new Promise((resolve) => {
        lines.once('close', () => resolve(''));
        lines.question(visible(question), (answer) => {
          resolve(answer.trim());
          lines.close();
        });
      });
    },
  };
}
