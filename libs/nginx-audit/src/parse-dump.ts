import { absolutePath, DEFAULT_PREFIX, folderOf, isGlob, matchesGlob } from './configuration-path.js';
import type { Directive, DumpedFile, NginxConfig, ParseProblem } from './directive.js';
import { type ParsedFile, parseFile } from './parse-file.js';

/** The line that `nginx -T` puts before each file (`src/core/nginx.c`). */
const HEADER = /^# configuration file (.+):\r?$/;
/** Name of a text that came without a header, such as one pasted into the sandbox. */
const PASTED = `${DEFAULT_PREFIX}/nginx.conf`;
/** Deeper includes are a loop, which nginx itself would not survive. */
const MAX_DEPTH = 50;

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

/**
 * Reads what `nginx -T` printed into one tree, following each `include` into the files of the dump. Tolerant:
 * what cannot be read is listed under `problems` with its file and line. Never throws.
 */
export function parseNginxDump(text: string): NginxConfig {
  const files = dumpedFiles(text);
  const main = files[0]?.path ?? PASTED;
  const prefix = main.startsWith('/') ? folderOf(main) : DEFAULT_PREFIX;
  const assembly = new Assembly(files, prefix);
  return { prefix, files, directives: assembly.file(main, 0), problems: assembly.problems() };
}

/** Puts included files where they are included. */
class Assembly {
  readonly #parsed: ReadonlyMap<string, ParsedFile>;
  readonly #problems: ParseProblem[] = [];

  constructor(
    files: readonly DumpedFile[],
    private readonly prefix: string,
  ) {
    this.#parsed = new Map(files.map((file) => [file.path, parseFile(file)]));
  }

  problems(): ParseProblem[] {
    return [...[...this.#parsed.values()].flatMap((file) => file.problems), ...this.#problems];
  }

  file(path: string, depth: number): Directive[] {
    return this.#expand(this.#parsed.get(path)?.directives ?? [], depth);
  }

  #expand(directives: readonly Directive[], depth: number): Directive[] {
    return directives.flatMap((directive) => {
      if (directive.block !== null) return [{ ...directive, block: this.#expand(directive.block, depth) }];
      return directive.name === 'include' ? [directive, ...this.#included(directive, depth)] : [directive];
    });
  }

  #included(include: Directive, depth: number): Directive[] {
    const pattern = absolutePath(include.args[0] ?? '', this.prefix);
    if (depth >= MAX_DEPTH) {
      this.#problem(include, `include ${pattern} goes in circles`);
      return [];
    }
    const paths = isGlob(pattern) ? this.#matching(pattern) : [pattern];
    if (paths.some((path) => !this.#parsed.has(path))) {
      this.#problem(include, `included file ${pattern} is not in the text`);
    }
    return paths.flatMap((path) => this.file(path, depth + 1));
  }

  /** In glob(3)'s order: sorted by bytes, since nginx runs in the C locale. */
  #matching(pattern: string): string[] {
    return [...this.#parsed.keys()].filter((path) => matchesGlob(path, pattern)).sort();
  }

  #problem(include: Directive, message: string): void {
    this.#problems.push({ message, file: include.file, line: include.line });
  }
}
