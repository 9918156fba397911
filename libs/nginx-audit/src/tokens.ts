/** A lexical piece of an nginx configuration. */
export type Token =
  | { readonly kind: 'word'; readonly text: string; readonly line: number }
  | { readonly kind: 'end' | 'open' | 'close'; readonly line: number }
  | { readonly kind: 'broken'; readonly reason: string; readonly line: number };

const SPACE = /[ \t\r\n]/;
const STOPS: Readonly<Record<string, 'end' | 'open' | 'close'>> = { ';': 'end', '{': 'open', '}': 'close' };
const ESCAPES: Readonly<Record<string, string>> = {
  t: '\t',
  r: '\r',
  n: '\n',
  '"': '"',
  "'": "'",
  '\\': '\\',
};

/** Splits a configuration by the rules of nginx's `ngx_conf_read_token`. Never throws. */
export function tokens(content: string): Token[] {
  return new Tokenizer(content).run();
}

class Tokenizer {
  readonly #text: string;
  readonly #found: Token[] = [];
  #at = 0;
  #line = 1;

  constructor(text: string) {
    this.#text = text;
  }

  run(): Token[] {
    while (this.#at < this.#text.length) this.#next(this.#peek());
    return this.#found;
  }

  #next(character: string): void {
    const stop = STOPS[character];
    if (SPACE.test(character)) {
      this.#take();
    } else if (character === '#') {
      while (this.#at < this.#text.length && this.#peek() !== '\n') this.#take();
    } else if (stop !== undefined) {
      this.#found.push({ kind: stop, line: this.#line });
      this.#take();
    } else if (character === '"' || character === "'") {
      this.#quoted(character);
    } else {
      this.#word();
    }
  }

  #quoted(quote: string): void {
    const line = this.#line;
    this.#take();
    let text = '';
    while (this.#at < this.#text.length && this.#peek() !== quote) text += this.#character();
    if (this.#at >= this.#text.length) {
      this.#found.push({ kind: 'broken', reason: 'a quote is not closed', line });
      return;
    }
    this.#take();
    this.#found.push({ kind: 'word', text, line });
    // nginx: only white space, `;`, `{` or `)` may follow a closing quote; `)` starts a word of its own.
    const after = this.#peek();
    if (after !== '' && !';{)'.includes(after) && !SPACE.test(after)) {
      this.#found.push({
        kind: 'broken',
        reason: `unexpected "${after}" behind a closing quote`,
        line: this.#line,
      });
    }
  }

  /** A word ends at white space, `;` or `{`, except for the brace of `${variable}`. */
  #word(): void {
    const line = this.#line;
    let text = '';
    let last = '';
    for (let next = this.#peek(); next !== '' && !SPACE.test(next) && next !== ';'; next = this.#peek()) {
      if (next === '{' && last !== '$') break;
      last = this.#character();
      text += last;
    }
    this.#found.push({ kind: 'word', text, line });
  }

  /** One character of a word, with its backslash resolved; a backslash before anything else stays. */
  #character(): string {
    const character = this.#take();
    if (character !== '\\') return character;
    const escaped = this.#take();
    return ESCAPES[escaped] ?? `\\${escaped}`;
  }

  #peek(): string {
    return this.#text[this.#at] ?? '';
  }

  #take(): string {
    const character = this.#peek();
    if (character === '\n') this.#line += 1;
    this.#at += 1;
    return character;
  }
}
