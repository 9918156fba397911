import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** The one line of JSON with which a server says that it answers. Rejects when the process ends before it. */
export async function announced<Line>(child: ChildProcess, what: string): Promise<Line> {
  if (child.stdout === null) throw new Error(`${what} was started without a stdout to read`);
  const lines = createInterface({ input: child.stdout });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`${what} ended with code ${code} before it was ready`);
  });
  const [line] = await Promise.race([once(lines, 'line'), ended]);
  // From here on an end is expected: nobody waits for this promise any more.
  ended.catch(() => {});
  return JSON.parse(String(line));
}

/** Ends a process that may have ended by itself. */
export async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}
