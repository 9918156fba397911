import type { Directive, NginxConfig, Place } from '#nginx-audit';

interface Range {
  readonly from: number;
  readonly to: number;
}

/** Where the files of a dump lie in the text that somebody pasted, and how far what stands at a place reaches. */
export class PastedText {
  /** By path: where the file begins. */
  readonly #starts = new Map<string, number>();
  /** By path: where each line begins. */
  readonly #lines = new Map<string, readonly number[]>();
  /** By path, line and column: where a directive ends. */
  readonly #ends = new Map<string, number>();

  private constructor(private readonly text: string) {}

  static ofConfig(text: string, config: NginxConfig): PastedText {
    const pasted = new PastedText(text);

    for (const { path, content, directives } of config.files) {
      const header = text.indexOf(`# configuration file ${path}:`);
      const start = header < 0 ? 0 : text.indexOf('\n', header) + 1;
      pasted.#file(path, start, content);
      for (const directive of directives) pasted.#directive(directive);
    }
    return pasted;
  }

  static ofManifests(path: string, text: string): PastedText {
    const pasted = new PastedText(text);
    pasted.#file(path, 0, text);
    return pasted;
  }

  /** A directive with its arguments; anything else up to the end of its line. Null: it is not in this text. */
  rangeOf({ file, line, column }: Place): Range | null {
    const start = this.#starts.get(file);
    const lineStart = this.#lines.get(file)?.[line - 1];
    if (start === undefined || lineStart === undefined) return null;
    const from = start + lineStart + column - 1;
    const end = this.#ends.get(`${line}:${column} ${file}`);
    const to = end === undefined ? this.#endOfLine(from) : start + end;
    return from > this.text.length ? null : { from, to: Math.min(Math.max(from, to), this.text.length) };
  }

  #endOfLine(from: number): number {
    const end = this.text.indexOf('\n', from);
    return this.text.slice(from, end < 0 ? undefined : end).trimEnd().length + from;
  }

  #file(path: string, start: number, content: string): void {
    const lines = [0];
    for (let at = content.indexOf('\n'); at >= 0; at = content.indexOf('\n', at + 1)) lines.push(at + 1);
    this.#starts.set(path, start);
    this.#lines.set(path, lines);
  }

  #directive({ file, line, column, words, end, block }: Directive): void {
    this.#ends.set(`${line}:${column} ${file}`, block === null ? end : (words.at(-1)?.end ?? end));
    for (const inner of block ?? []) this.#directive(inner);
  }
}
