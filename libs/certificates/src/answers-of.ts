import type { OpensslAnswer } from '#engine';

/** How `openssl verify` ends what it says of a file that it refuses; no subject begins so, it has a type first. */
const REFUSED = /^error (.+): verification failed$/;
const ACCEPTED = /^(.+): OK$/;

/**
 * What one `openssl verify` of several files said of each, as if each had been asked about by itself; null where that
 * cannot be told. A file that could not be read leaves lines that may be taken for those of the next one that is
 * refused: beside one, only what was accepted is told.
 */
export function answersOf(
  { stdout, stderr }: OpensslAnswer,
  files: readonly string[],
): readonly (OpensslAnswer | null)[] {
  const accepted = new Set(stdout.split('\n').map((line) => ACCEPTED.exec(line)?.[1]));
  const refusals = refusalsIn(stderr);
  const isClean = files.every((file) => accepted.has(file) !== refusals.has(file));
  return files.map((file) => {
    const refusal = refusals.get(file);
    if (refusal === undefined) return accepted.has(file) ? acceptance(file) : null;
    return isClean ? { exitCode: 2, stdout: '', stderr: refusal } : null;
  });
}

function acceptance(file: string): OpensslAnswer {
  return { exitCode: 0, stdout: `${file}: OK\n`, stderr: '' };
}

/** By file: its faults stand before the line that names it. */
function refusalsIn(stderr: string): ReadonlyMap<string, string> {
  const refusals = new Map<string, string>();
  let lines: string[] = [];
  for (const line of stderr.split('\n')) {
    lines.push(line);
    const file = REFUSED.exec(line)?.[1];
    if (file === undefined) continue;
    refusals.set(file, `${lines.join('\n')}\n`);
    lines = [];
  }
  return refusals;
}
