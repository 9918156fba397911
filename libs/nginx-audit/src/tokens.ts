import { endOfLua, holdsLua } from './lua-block.js';

/** A piece of a file. Offsets count UTF-16 code units from 0; `end` is behind the last one. */
export interface Span {
  readonly start: number;
  readonly end: number;
  /** 1 for the first line of the file; a line ends at LF, as nginx counts. */
  readonly line: number;
  /** 1 for the first code unit of the line. */
  readonly column: number;
}

/** A word with quotes taken off and escapes resolved, as nginx itself reads it. */
export interface Word extends Span {
  readonly kind: 'word';
  readonly text: string;
}

/** A lexical piece of an nginx configuration. White space and comments stand between the pieces. */
export type Token =
  | Word
  | (Span & { readonly kind: 'end' | 'open' | 'close' })
  /** What stands between the braces of a block of Lua. */
  | (Span & { readonly kind: 'code' })
  | (Span & { readonly kind: 'broken'; readonly reason: string });

/** A comment from its `#` up to the end of its line. */
export interface Comment extends Span {
  readonly text: string;
}

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
  const tokenizer = new Tokenizer(content);
  const found: Token[] = [];
  for (let token = tokenizer.next(); token !== null; token = tokenizer.next()) found.push(token);
  return found;
}

/** Gives one token after the other, in time linear in the text, and keeps the comments it passes. */
export class Tokenizer {
  readonly comments: Comment[] = [];
  readonly #text: string;
  readonly #waiting: Token[] = [];
  /** Name of the directive that is being read, null between two. */
  #name: string | null = null;
  #at = 0;
  #line = 1;
  #lineStart = 0;

  constructor(text: string) {
    this.#text = text;
  }

  next(): Token | null {
    const waiting = this.#waiting.shift();
    if (waiting !== undefined) return waiting;
    if (this.#at === 0 && this.#text.startsWith('\uFEFF')) return this.#byteOrderMark();
    this.#skipBlank();
    const character = this.#text[this.#at];
    if (character === undefined) return null;
    const stop = STOPS[character];
    if (stop !== undefined) return this.#stop(stop);
    const word = character === '"' || character === "'" ? this.#quoted(character) : this.#word();
    if (word.kind === 'word') this.#name ??= word.text;
    return word;
  }

  #byteOrderMark(): Token {
    return {
      kind: 'broken',
      reason: 'a byte order mark stands before the first directive: nginx takes it for part of its name',
      ...this.#take(1),
    };
  }

  #skipBlank(): void {
    while (this.#at < this.#text.length) {
      let end = this.#at;
      while (isSpace(this.#text[end] ?? '')) end += 1;
      this.#take(end);
      if (this.#text[end] === '#') {
        while (end < this.#text.length && this.#text[end] !== '\n') end += 1;
        const text = this.#text.slice(this.#at, end);
        this.comments.push({ text, ...this.#take(end) });
      } else return;
    }
  }

  #stop(kind: 'end' | 'open' | 'close'): Token {
    const name = this.#name;
    this.#name = null;
    const stop: Token = { kind, ...this.#take(this.#at + 1) };
    if (kind === 'open' && name !== null && holdsLua(name)) this.#lua(stop);
    return stop;
  }

  #lua(open: Span): void {
    const end = endOfLua(this.#text, this.#at);
    this.#waiting.push({ kind: 'code', ...this.#take(end === -1 ? this.#text.length : end) });
    if (end === -1) {
      this.#waiting.push({ ...open, kind: 'broken', reason: 'a block of Lua is not closed by "}"' });
    }
  }

  #quoted(quote: string): Token {
    let end = this.#at + 1;
    while (end < this.#text.length && this.#text[end] !== quote) end += this.#text[end] === '\\' ? 2 : 1;
    if (end >= this.#text.length) {
      return { kind: 'broken', reason: 'a quote is not closed', ...this.#take(this.#text.length) };
    }
    const text = unescaped(this.#text.slice(this.#at + 1, end));
    const word: Token = { kind: 'word', text, ...this.#take(end + 1) };
    // nginx: only white space, `;`, `{` or `)` may follow a closing quote; `)` starts a word of its own.
    const after = this.#text[this.#at] ?? '';
    if (after !== '' && !';{)'.includes(after) && !isSpace(after)) {
      const reason = `unexpected "${after}" behind a closing quote`;
      this.#waiting.push({ kind: 'broken', reason, ...this.#take(this.#at) });
    }
    return word;
  }

  /** A word ends at white space, `;` or `{`, except for the brace of `${variable}`. */
  #word(): Token {
    let end = this.#at;
    for (let last = ''; end < this.#text.length; end += 1) {
      const next = this.#text[end] ?? '';
      if (isSpace(next) || next === ';' || (next === '{' && last !== '$')) break;
      if (next === '\\') end += 1;
      last = next;
    }
    end = Math.min(end, this.#text.length);
    return { kind: 'word', text: unescaped(this.#text.slice(this.#at, end)), ...this.#take(end) };
  }

  #take(end: number): Span {
    const span = { start: this.#at, end, line: this.#line, column: this.#at - this.#lineStart + 1 };
    for (; this.#at < end; this.#at += 1) {
      if (this.#text[this.#at] !== '\n') continue;
      this.#line += 1;
      this.#lineStart = this.#at + 1;
    }
    return span;
  }
}

function isSpace(character: string): boolean {
  return character === ' ' || character === '\n' || character === '\t' || character === '\r';
}

/** A backslash before anything that nginx does not know stays. */
function unescaped(raw: string): string {
  if (!raw.includes('\\')) return raw;
  return raw.replace(/\\(.)/gs, (whole, escaped: string) => ESCAPES[escaped] ?? whole);
}
