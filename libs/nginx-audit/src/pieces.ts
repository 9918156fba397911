import type { Directive, ParsedFile } from './directive.js';
import { holdsLua } from './lua-block.js';

/** What a stretch of a file is. `blank`: white space and comments; elsewhere also what could not be read. */
export type PieceKind = 'blank' | 'word' | 'end' | 'open' | 'close' | 'code';

export interface Piece {
  readonly kind: PieceKind;
  readonly text: string;
}

/** The whole text of a file, in its order, as its tree sees it. */
export function piecesOf(file: ParsedFile): Piece[] {
  return new Cutter(file.content).cut(file.directives);
}

/** Writes a tree back: the same text, byte for byte, whatever stood in the file. */
export function printFile(file: ParsedFile): string {
  return piecesOf(file)
    .map(({ text }) => text)
    .join('');
}

class Cutter {
  readonly #pieces: Piece[] = [];
  #at = 0;

  constructor(private readonly content: string) {}

  cut(directives: readonly Directive[]): Piece[] {
    for (const directive of directives) this.#directive(directive);
    this.#upTo(this.content.length, 'blank');
    return this.#pieces;
  }

  #directive({ words, block, body, end, name }: Directive): void {
    for (const word of words) {
      this.#upTo(word.start, 'blank');
      this.#upTo(word.end, 'word');
    }
    if (block === null || body === null) {
      this.#stop(end, 'end');
      return;
    }
    this.#stop(body.start, 'open');
    for (const inner of block) this.#directive(inner);
    this.#upTo(body.end, block.length === 0 && holdsLua(name) ? 'code' : 'blank');
    this.#upTo(end, 'close');
  }

  /** A `;` or `{` is the last unit before `end`; a directive that nothing terminates has none. */
  #stop(end: number, kind: PieceKind): void {
    if (end <= this.#at) return;
    this.#upTo(end - 1, 'blank');
    this.#upTo(end, kind);
  }

  #upTo(end: number, kind: PieceKind): void {
    if (end <= this.#at) return;
    this.#pieces.push({ kind, text: this.content.slice(this.#at, end) });
    this.#at = end;
  }
}
