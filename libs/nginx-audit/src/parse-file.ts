import type { Directive, DumpedFile, ParseProblem } from './directive.js';
import { type Token, tokens } from './tokens.js';

/** One file as a tree, includes not followed. */
export interface ParsedFile {
  readonly directives: readonly Directive[];
  readonly problems: readonly ParseProblem[];
}

/** Reads one file. What cannot be read becomes a problem with its line, and reading goes on behind it. */
export function parseFile(file: DumpedFile): ParsedFile {
  return new FileParser(file).run();
}

class FileParser {
  readonly #file: string;
  readonly #tokens: readonly Token[];
  readonly #problems: ParseProblem[] = [];
  #at = 0;

  constructor(file: DumpedFile) {
    this.#file = file.path;
    this.#tokens = tokens(file.content);
  }

  run(): ParsedFile {
    const directives: Directive[] = [];
    while (this.#at < this.#tokens.length) {
      directives.push(...this.#block());
      const stray = this.#tokens[this.#at];
      if (stray !== undefined) {
        this.#problem('unexpected "}"', stray.line);
        this.#at += 1;
      }
    }
    return { directives, problems: this.#problems };
  }

  /** Directives up to the closing brace, which is left, or the end of the file. */
  #block(): Directive[] {
    const directives: Directive[] = [];
    for (let token = this.#tokens[this.#at]; token !== undefined; token = this.#tokens[this.#at]) {
      if (token.kind === 'close') return directives;
      if (token.kind === 'word') directives.push(this.#directive(token.text, token.line));
      else this.#skip(token);
    }
    return directives;
  }

  #directive(name: string, line: number): Directive {
    this.#at += 1;
    const args: string[] = [];
    for (let token = this.#tokens[this.#at]; token !== undefined; token = this.#tokens[this.#at]) {
      if (token.kind === 'open')
        return { name, args, file: this.#file, line, block: this.#braces(token.line) };
      if (token.kind === 'close') break;
      this.#at += 1;
      if (token.kind === 'end') return { name, args, file: this.#file, line, block: null };
      if (token.kind === 'word') args.push(token.text);
      if (token.kind === 'broken') this.#problem(token.reason, token.line);
    }
    this.#problem(`directive "${name}" is not terminated by ";"`, line);
    return { name, args, file: this.#file, line, block: null };
  }

  #braces(line: number): Directive[] {
    this.#at += 1;
    const inside = this.#block();
    if (this.#tokens[this.#at] === undefined) this.#problem('a block is not closed by "}"', line);
    this.#at += 1;
    return inside;
  }

  #skip(token: Token): void {
    this.#at += 1;
    if (token.kind === 'broken') this.#problem(token.reason, token.line);
    else this.#problem(`unexpected "${token.kind === 'open' ? '{' : ';'}"`, token.line);
  }

  #problem(message: string, line: number): void {
    this.#problems.push({ message, file: this.#file, line });
  }
}
