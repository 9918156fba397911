import { readdirSync, readFileSync, statSync } from 'node:fs';

/** Whether `pid` runs; one that ended and was not yet waited for does not. */
export function runs(pid: number): boolean {
  return commandLine(pid).length > 0;
}

/** Every process that has `word` among its arguments, or as the beginning of a path in one, but for this one. */
export function processesNaming(word: string): readonly string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  return pids.flatMap((pid) => {
    const words = commandLine(Number(pid));
    return words.some((one) => one.startsWith(word)) ? [`${pid} ${words.join(' ')}`] : [];
  });
}

/** Whom `pid` runs as. */
export function ownerOf(pid: number): number {
  return statSync(`/proc/${pid}`).uid;
}

function commandLine(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean);
  } catch {
    // It ended in between.
    return [];
  }
}
