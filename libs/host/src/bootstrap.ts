import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Program } from './connection.js';
import { GREETING } from './exec-channel.js';

const FOLDER = 'libs/host/script';
const MARK_DIGITS = 32;
/** In the order in which they are joined: reading the message comes first, running the step last. */
const PARTS = [
  'message.sh',
  'state.sh',
  'nginx.sh',
  'dead-man.sh',
  'observe.sh',
  'verdict.sh',
  'clients.sh',
  'windlass-host.sh',
];

/** The host script, and the command that takes it. */
export function hostProgram(): Program {
  const script = withoutComments(hostScript());
  const mark = createHash('sha256').update(script).digest('hex').slice(0, MARK_DIGITS);
  const preamble = `mark=${mark}\n${script}\n#${mark}`;
  return { command: bootstrapCommand(mark, Buffer.byteLength(preamble)), preamble };
}

/** The host script as people read it: without the last newline, because `$(...)` on the host drops it. */
export function hostScript(): string {
  const folder = scriptFolder();
  return PARTS.map((part) => readFileSync(path.join(folder, part), 'utf8'))
    .join('')
    .trimEnd();
}

/** What no shell needs is neither sent nor read by one: a third of the script. No line of it is blank or begins with # inside quotes. */
function withoutComments(script: string): string {
  return script
    .split('\n')
    .map((line) => line.trimStart())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .join('\n');
}

function scriptFolder(): string {
  let folder = path.dirname(fileURLToPath(import.meta.url));
  while (!existsSync(path.join(folder, FOLDER))) {
    const up = path.dirname(folder);
    if (up === folder) throw new Error(`${FOLDER} is missing from this installation`);
    folder = up;
  }
  return path.join(folder, FOLDER);
}

/**
 * The one command that is ever given to a login shell: it reads the script from stdin by its length, and runs it when
 * it begins and ends with the mark of this release. SSH delivers every byte in its turn or none behind it, so what
 * has both ends is whole: a connection that broke lacks the last one, and a login shell that read from stdin itself
 * took the first. Constant per version, and quoted so that sh, bash, csh and fish read it alike; messages follow on
 * stdin and never become shell text. The greeting comes first of all, on a line of its own. The script finds itself in
 * `s`, for its dead-man.
 */
function bootstrapCommand(mark: string, bytes: number): string {
  const fast = `dd bs=${bytes} count=1 iflag=fullblock 2>/dev/null`;
  const slow = `dd bs=1 count=${bytes} 2>/dev/null`;
  return `exec /bin/sh -c 'printf "%s\\n" "" ${GREETING}; s=$(${fast}) || s=$(${slow}); case "$s" in "mark=${mark}"*"#${mark}") eval "$s";; *) echo "fail host.digest-mismatch"; exit 98;; esac'`;
}

/**
 * One value on one line: a newline in it would be read as another argument, and the shell's `read` drops blanks at its
 * ends, which would make another word of it.
 */
export function argumentLines(args: readonly (readonly [key: string, value: string | number])[]): string {
  return args
    .map(([key, value]) => {
      const text = String(value);
      if (/[\n\r\0]/.test(text)) throw new Error(`the host argument ${key} holds a control character`);
      if (/^[ \t]|[ \t]$/.test(text)) throw new Error(`the host argument ${key} begins or ends with a blank`);
      return `${key} ${text}\n`;
    })
    .join('');
}
