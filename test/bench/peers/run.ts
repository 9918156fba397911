import { spawn } from 'node:child_process';
import { once } from 'node:events';

interface Run {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
}

/** What the program printed. Rejects with it when it ends with anything but 0. */
export async function run(program: string, args: readonly string[], { input = '', env, cwd }: Run = {}) {
  const child = spawn(program, args, { ...(env ? { env } : {}), ...(cwd ? { cwd } : {}) });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  // A program that ends before it has read its input says so by its status.
  child.stdin.on('error', () => undefined).end(input);
  const [status] = (await once(child, 'close')) as [number | null];
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${said}`);
  return said;
}
