import type { Directive, DumpedFile, ParsedFile, ParseProblem } from './directive.js';
import { type Span, type Token, Tokenizer, type Word } from './tokens.js';

/** No configuration that people write comes near; a text that does would exhaust whoever walks its tree. */
export const MAX_NESTING = 200;
/** Of one file, and of a whole configuration with its includes in place. */
export const MAX_DIRECTIVES = 500_000;
/** Of one file. Who has mended these sees the next ones. */
const MAX_PROBLEMS = 200;

/**
 * Reads one file. What cannot be read becomes a problem with its place, and reading goes on behind it, except
 * beyond {@link MAX_NESTING} blocks in each other and {@link MAX_DIRECTIVES}, where it ends. Never throws.
 */
export function parseFile(file: DumpedFile): ParsedFile {
  return new FileParser(file).run();
}

/** A block whose closing brace was not met yet. */
interface OpenBlock {
  readonly words: readonly Word[];
  readonly brace: Span;
  readonly inside: Directive[];
}

class FileParser {
  readonly #file: DumpedFile;
  readonly #tokenizer: Tokenizer;
  readonly #problems: ParseProblem[] = [];
  readonly #directives: Directive[] = [];
  readonly #open: OpenBlock[] = [];
  #words: Word[] = [];
  #count = 0;
  #full = false;

  constructor(file: DumpedFile) {
    this.#file = file;
    this.#tokenizer = new Tokenizer(file.content);
  }

  run(): ParsedFile {
    for (let token = this.#tokenizer.next(); token !== null; token = this.#tokenizer.next()) {
      this.#read(token);
      if (this.#full) break;
    }
    this.#finish();
    const { comments } = this.#tokenizer;
    return { ...this.#file, directives: this.#directives, comments, problems: this.#problems };
  }

  #read(token: Token): void {
    if (token.kind === 'word') this.#words.push(token);
    else if (token.kind === 'broken') this.#problem(token.reason, token);
    else if (token.kind === 'end') this.#end(token);
    else if (token.kind === 'open') this.#openBlock(token);
    else if (token.kind === 'close') this.#closeBlock(token);
  }

  #end(token: Span): void {
    if (this.#words.length === 0) this.#problem('unexpected ";"', token);
    else this.#add(this.#taken(), token.end, null, null);
  }

  #openBlock(token: Span): void {
    if (this.#words.length === 0) {
      this.#problem('unexpected "{"', token);
    } else if (this.#open.length >= MAX_NESTING) {
      this.#full = true;
      this.#problem(`blocks are nested deeper than ${MAX_NESTING}: nothing is read from here`, token);
    } else {
      this.#open.push({ words: this.#taken(), brace: token, inside: [] });
    }
  }

  #closeBlock(token: Span): void {
    this.#unterminated(token.start);
    const block = this.#open.pop();
    if (block === undefined) {
      this.#problem('unexpected "}"', token);
      return;
    }
    const body = { start: block.brace.end, end: token.start };
    this.#add(block.words, token.end, block.inside, body);
  }

  /** The end of the text, which closes nothing properly. */
  #finish(): void {
    const end = this.#file.content.length;
    this.#unterminated(end);
    for (let block = this.#open.pop(); block !== undefined; block = this.#open.pop()) {
      if (!this.#full) this.#problem('a block is not closed by "}"', block.brace);
      this.#add(block.words, end, block.inside, { start: block.brace.end, end });
    }
  }

  #unterminated(before: number): void {
    const [name] = this.#words;
    if (name === undefined) return;
    if (!this.#full) this.#problem(`directive "${short(name.text)}" is not terminated by ";"`, name);
    const words = this.#taken();
    this.#add(words, Math.min(words.at(-1)?.end ?? before, before), null, null);
  }

  #add(words: readonly Word[], end: number, block: Directive[] | null, body: Directive['body']): void {
    const [name] = words;
    if (name === undefined) return;
    const { start, line, column } = name;
    const args = words.slice(1).map(({ text }) => text);
    const list = this.#open.at(-1)?.inside ?? this.#directives;
    list.push({ name: name.text, args, file: this.#file.path, line, column, start, end, words, block, body });
    this.#count += 1;
    if (this.#count === MAX_DIRECTIVES && !this.#full) {
      this.#full = true;
      this.#problem(`more than ${MAX_DIRECTIVES} directives: nothing is read from here`, name);
    }
  }

  #taken(): readonly Word[] {
    const words = this.#words;
    this.#words = [];
    return words;
  }

  #problem(message: string, { line, column }: Span): void {
    if (this.#problems.length >= MAX_PROBLEMS) return;
    this.#problems.push({ message, file: this.#file.path, line, column });
  }
}

/** A text that is no configuration may be one long word, and not meant to be repeated in a report. */
function short(name: string): string {
  return name.length > 40 ? `${name.slice(0, 20)}...` : name;
}
