import type { ParsedFile } from './directive.js';
import type { Comment } from './tokens.js';

/**
 * A finding that somebody accepted, in a comment on its line or on the lines right before it:
 * `# windlass-ignore verify-optional: the application asks $ssl_client_verify itself`.
 */
export interface Suppression {
  readonly rules: readonly string[];
  /** Empty when none was given: it then suppresses nothing. */
  readonly reason: string;
  readonly file: string;
  /** Where the comment stands. */
  readonly line: number;
  readonly column: number;
  /** The line it speaks of. */
  readonly appliesTo: number;
}

const MARK = /^#\s*windlass-ignore\s+([a-z0-9][a-z0-9-]*(?:\s*,\s*[a-z0-9-]+)*)\s*(?::\s*(.*))?$/;

/** A file with its comments, each with its mark: nginx and YAML both write `#`. */
export interface CommentedFile extends Pick<ParsedFile, 'path' | 'content'> {
  readonly comments: readonly Pick<Comment, 'text' | 'line' | 'column'>[];
}

export function suppressionsIn({ path, comments, content }: CommentedFile): Suppression[] {
  const marks = comments.filter(({ text }) => text.includes('windlass-ignore'));
  if (marks.length === 0) return [];
  const targets = targetsOf(content.split('\n'));
  return marks.flatMap(({ text, line, column }) => {
    const found = MARK.exec(text.trim());
    if (found === null) return [];
    const rules = (found[1] ?? '').split(',').map((rule) => rule.trim());
    const reason = (found[2] ?? '').trim();
    return [{ rules, reason, file: path, line, column, appliesTo: targets[line - 1] ?? line }];
  });
}

/** For each line: itself if something but a comment stands on it, else the next one of which that is true. */
function targetsOf(lines: readonly string[]): readonly number[] {
  const targets: number[] = [];
  for (let line = lines.length, next = line; line > 0; line -= 1) {
    if (!/^\s*(#|$)/.test(lines[line - 1] ?? '')) next = line;
    targets[line - 1] = next;
  }
  return targets;
}
