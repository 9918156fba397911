import { Composer, CST, type Document, Lexer, Parser } from 'yaml';

/**
 * Levels that a document may have. The composer calls itself for each: a text of nothing but brackets would end the
 * program. No object of Kubernetes comes near.
 */
const MAX_FLOW = 100;
const MAX_BLOCK = 300;

/** One document of a YAML or JSON text. Offsets are those of the whole text. */
export interface YamlDocument {
  /** What stands at its top; null when there is nothing, or it cannot be read. */
  readonly document: Document | null;
  readonly comments: readonly { readonly text: string; readonly offset: number }[];
  readonly fault: { readonly message: string; readonly offset: number } | null;
}

/**
 * Kubernetes reads YAML 1.1, in which a bare `on` is true. Keys that come twice are not looked for here: the parser
 * compares each with all others.
 */
const OPTIONS = {
  version: '1.1',
  uniqueKeys: false,
  prettyErrors: false,
  logLevel: 'silent',
} as const;

/** Reads one document. Never throws, and tells only the first thing that is wrong. */
export function readYamlDocument(text: string, base: number): YamlDocument {
  const comments: { text: string; offset: number }[] = [];
  // What does not end is missed at the end, where nothing is to be seen any more.
  const last = text.trimEnd().length;
  const failed = (message: string, offset: number): YamlDocument => ({
    ...{ document: null, comments, fault: { message, offset: base + Math.min(offset, last) } },
  });
  const parser = new Parser();
  const nesting = new Nesting();
  const tokens: CST.Token[] = [];
  let offset = 0;
  for (const lexeme of new Lexer().lex(text)) {
    const type = CST.tokenType(lexeme);
    if (type === 'comment') comments.push({ text: lexeme, offset: base + offset });
    if (nesting.isTooDeepWith(type, lexeme)) return failed('it is nested too deep', offset);
    for (const token of parser.next(lexeme)) {
      if (token.type === 'error') return failed(token.message, token.offset);
      tokens.push(token);
    }
    offset = parser.offset;
  }
  for (const token of parser.end()) tokens.push(token);
  const [document = null] = new Composer(OPTIONS).compose(tokens, true, text.length);
  const [error] = document?.errors ?? [];
  if (error !== undefined) return failed(error.message, error.pos[0]);
  return { document, comments, fault: null };
}

/** Counts levels while the text is read. A level of a block takes a column, or a mark on the same line. */
class Nesting {
  #flow = 0;
  #indent = 0;
  #marks = 0;
  #isLineStart = true;

  isTooDeepWith(type: CST.TokenType | null, lexeme: string): boolean {
    if (type === 'newline') {
      this.#indent = 0;
      this.#marks = 0;
    } else if (type === 'space' && this.#isLineStart) {
      this.#indent = lexeme.length;
    } else if (type === 'flow-map-start' || type === 'flow-seq-start') {
      this.#flow += 1;
    } else if (type === 'flow-map-end' || type === 'flow-seq-end') {
      this.#flow -= 1;
    } else if (type === 'seq-item-ind' || type === 'map-value-ind' || type === 'explicit-key-ind') {
      this.#marks += 1;
    }
    this.#isLineStart = type === 'newline';
    return this.#flow > MAX_FLOW || (this.#flow <= 0 && this.#indent + this.#marks > MAX_BLOCK);
  }
}
