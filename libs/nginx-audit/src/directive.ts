import type { Comment, Span, Word } from './tokens.js';

/**
 * One directive of an nginx configuration, with the place a person has to edit. Its span reaches from its name to
 * its `;` or `}`; what stands between the spans of a file is white space, comments, and what could not be read.
 */
export interface Directive extends Span {
  readonly name: string;
  /** Arguments with quotes taken off and escapes resolved, as nginx itself reads them. */
  readonly args: readonly string[];
  /** Path as `nginx -T` names it. */
  readonly file: string;
  /** The name and the arguments with the places they stand at. */
  readonly words: readonly Word[];
  /** Directives between the braces; null for a simple directive, empty for a block of Lua. */
  readonly block: readonly Directive[] | null;
  /** Offsets of what stands between the braces; null for a simple directive. */
  readonly body: { readonly start: number; readonly end: number } | null;
}

/** One file of the dump, byte for byte as nginx read it. */
export interface DumpedFile {
  readonly path: string;
  readonly content: string;
}

/** A place that the parser could not read. It goes on behind it, so one slip never hides the rest. */
export interface ParseProblem {
  readonly message: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One file as a tree, includes not followed. Nothing of its text is lost: see {@link piecesOf}. */
export interface ParsedFile extends DumpedFile {
  readonly directives: readonly Directive[];
  readonly comments: readonly Comment[];
  readonly problems: readonly ParseProblem[];
}

/** A whole configuration: the main file with every include put in its place. */
export interface NginxConfig {
  /** Folder that relative paths in directives start from: that of the main file (`nginx -c`). */
  readonly prefix: string;
  readonly files: readonly ParsedFile[];
  /**
   * Directives of the main context. An `include` stays in the list and what it includes follows it, each
   * directive with its own file and line.
   */
  readonly directives: readonly Directive[];
  readonly problems: readonly ParseProblem[];
}
