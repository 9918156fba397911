/** One directive of an nginx configuration, with the place a person has to edit. */
export interface Directive {
  readonly name: string;
  /** Arguments with quotes taken off and escapes resolved, as nginx itself reads them. */
  readonly args: readonly string[];
  /** Path as `nginx -T` names it. */
  readonly file: string;
  /** Line of the directive's name, 1 for the first of its file. */
  readonly line: number;
  /** Directives between the braces; null for a simple directive. */
  readonly block: readonly Directive[] | null;
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
}

/** A whole configuration: the main file with every include put in its place. */
export interface NginxConfig {
  /** Folder that relative paths in directives start from: that of the main file (`nginx -c`). */
  readonly prefix: string;
  readonly files: readonly DumpedFile[];
  /**
   * Directives of the main context. An `include` stays in the list and what it includes follows it, each
   * directive with its own file and line.
   */
  readonly directives: readonly Directive[];
  readonly problems: readonly ParseProblem[];
}
