import { absolutePath, DEFAULT_PREFIX, folderOf } from './configuration-path.js';
import type { Directive, DumpedFile, NginxConfig, ParsedFile, ParseProblem } from './directive.js';
import { globTest, isGlob } from './glob.js';
import { MAX_DIRECTIVES, MAX_NESTING, parseFile } from './parse-file.js';

/** How the problem of an include begins whose file is not at hand. */
export const MISSING_INCLUDE = /^included file /;

/** Deeper includes are a loop, which nginx itself would not survive. */
const MAX_INCLUDES = 50;
/** Names times patterns: more than this is no configuration, and would take minutes. */
const MAX_COMPARISONS = 2_000_000;

/** Where the files of a configuration come from. Paths are absolute. */
export interface ConfigSource {
  /** Text of a file, or null when there is none to be had. */
  text(path: string): string | null;
  /** Paths that a pattern of glob(3) matches, in any order; null when there was too much to compare. */
  matching(pattern: string): readonly string[] | null;
}

/** Files at hand, such as those of a dump or of an upload. */
export function sourceOf(files: readonly DumpedFile[]): ConfigSource {
  const texts = new Map(files.map(({ path, content }) => [path, content]));
  const found = new Map<string, readonly string[]>();
  let comparisons = 0;
  return {
    text: (path) => texts.get(path) ?? null,
    matching: (pattern) => {
      const known = found.get(pattern);
      if (known !== undefined) return known;
      comparisons += texts.size;
      if (comparisons > MAX_COMPARISONS) return null;
      const paths = [...texts.keys()].filter(globTest(pattern));
      found.set(pattern, paths);
      return paths;
    },
  };
}

/**
 * Reads a configuration from its main file on and puts every include in its place. Tolerant: what cannot be read
 * is listed under `problems` with its place. Never throws, unless the source does.
 */
export function parseIncludeTree(main: string, source: ConfigSource): NginxConfig {
  const prefix = main.startsWith('/') ? folderOf(main) : DEFAULT_PREFIX;
  return new Assembly(main, prefix, source).run();
}

/** Where an include stands: how many blocks it is in, and the files it came through. */
interface Place {
  readonly nesting: number;
  readonly through: readonly string[];
}

class Assembly {
  readonly #files = new Map<string, ParsedFile | null>();
  readonly #problems: ParseProblem[] = [];
  #count = 0;
  #full = false;

  constructor(
    private readonly main: string,
    private readonly prefix: string,
    private readonly source: ConfigSource,
  ) {}

  run(): NginxConfig {
    const directives = this.#file(this.main, { nesting: 0, through: [] });
    const files = [...this.#files.values()].filter((file) => file !== null);
    const problems = [...files.flatMap((file) => file.problems), ...this.#problems];
    return { prefix: this.prefix, files, directives, problems };
  }

  #parsed(path: string): ParsedFile | null {
    const known = this.#files.get(path);
    if (known !== undefined) return known;
    const content = this.source.text(path);
    const file = content === null ? null : parseFile({ path, content });
    this.#files.set(path, file);
    return file;
  }

  #file(path: string, { nesting, through }: Place): Directive[] {
    return this.#expand(this.#parsed(path)?.directives ?? [], { nesting, through: [...through, path] });
  }

  #expand(directives: readonly Directive[], place: Place): Directive[] {
    const expanded: Directive[] = [];
    for (const directive of directives) {
      if (this.#isFull(directive, place)) break;
      if (directive.block !== null) {
        const inner = { ...place, nesting: place.nesting + 1 };
        expanded.push({ ...directive, block: this.#expand(directive.block, inner) });
      } else {
        expanded.push(directive);
        if (directive.name === 'include')
          for (const one of this.#included(directive, place)) expanded.push(one);
      }
    }
    return expanded;
  }

  #isFull(directive: Directive, { nesting }: Place): boolean {
    this.#count += 1;
    if (this.#full) return true;
    if (this.#count <= MAX_DIRECTIVES && nesting <= MAX_NESTING) return false;
    this.#full = true;
    const limit =
      nesting > MAX_NESTING ? `${MAX_NESTING} blocks in each other` : `${MAX_DIRECTIVES} directives`;
    this.#problem(directive, `with its includes in place the configuration has more than ${limit}`);
    return true;
  }

  #included(include: Directive, place: Place): Directive[] {
    const pattern = absolutePath(include.args[0] ?? '', this.prefix);
    const paths = isGlob(pattern) ? this.source.matching(pattern)?.toSorted(byBytes) : [pattern];
    if (paths === undefined) {
      this.#problem(include, `include ${pattern}: too many patterns and files to compare them all`);
      return [];
    }
    if (place.through.length > MAX_INCLUDES || paths.some((path) => place.through.includes(path))) {
      this.#problem(include, `include ${pattern} goes in circles`);
      return [];
    }
    if (paths.some((path) => this.#parsed(path) === null)) {
      this.#problem(include, `included file ${pattern} is not in the text`);
    }
    return paths.flatMap((path) => this.#file(path, place));
  }

  #problem({ file, line, column }: Directive, message: string): void {
    this.#problems.push({ message, file, line, column });
  }
}

/** glob(3) sorts by bytes, since nginx runs in the C locale. */
function byBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
