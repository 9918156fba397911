import { DEFAULT_PREFIX } from './configuration-path.js';
import type { DumpedFile, NginxConfig } from './directive.js';
import { parseIncludeTree, sourceOf } from './include-tree.js';

/** The line that `nginx -T` puts before each file (`src/core/nginx.c`). */
const HEADER = /^# configuration file (.+):\r?$/;
/** Name of a text that came without a header, such as one pasted into the sandbox. */
const PASTED = `${DEFAULT_PREFIX}/nginx.conf`;

/**
 * Splits what `nginx -T` printed into its files, the main file first. What stands before the first header
 * (nginx's "syntax is ok" lines) is left out; a text without any header is one file, `/etc/nginx/nginx.conf`.
 */
export function dumpedFiles(text: string): DumpedFile[] {
  const files: { path: string; lines: string[] }[] = [];
  // nginx ends every file with one line break of its own. Between files the split takes it off, at the end we do.
  for (const line of text.replace(/\n$/, '').split('\n')) {
    const path = HEADER.exec(line)?.[1];
    if (path !== undefined) files.push({ path, lines: [] });
    else files.at(-1)?.lines.push(line);
  }
  if (files.length === 0) return [{ path: PASTED, content: text }];
  return files.map(({ path, lines }) => ({ path, content: lines.join('\n') }));
}

/** True for a text that {@link dumpedFiles} takes apart. */
export function isDump(text: string): boolean {
  return /^# configuration file .+:\r?$/m.test(text);
}

/** Writes files as `nginx -T` does. */
export function printDump(files: readonly DumpedFile[]): string {
  return files.map(({ path, content }) => `# configuration file ${path}:\n${content}\n`).join('');
}

/**
 * Reads what `nginx -T` printed into one tree, following each `include` into the files of the dump. Tolerant:
 * what cannot be read is listed under `problems` with its file and line. Never throws.
 */
export function parseNginxDump(text: string): NginxConfig {
  const files = dumpedFiles(text);
  return parseIncludeTree(files[0]?.path ?? PASTED, sourceOf(files));
}
