/** The commands of a block: lines that a shell reads as one are one, those that end in `\` as one line; blank ones and comments are none. */
export function commandsOfShell(lines: readonly string[]): string[] {
  const commands: string[] = [];
  let open: string[] = [];
  for (const line of lines) {
    if (open.length === 0 && /^\s*(#|$)/.test(line)) continue;
    open.push(line);
    if (isOpen(open)) continue;
    commands.push(joined(open));
    open = [];
  }
  return open.length === 0 ? commands : [...commands, joined(open)];
}

const joined = (lines: readonly string[]) => lines.join('\n').replaceAll(/\\\n\s*/g, '');

/** Whether the shell would ask for another line. */
function isOpen(lines: readonly string[]): boolean {
  const text = lines.join('\n');
  const [, end] = /<<-?'?(\w+)'?/.exec(text) ?? [];
  if (end !== undefined) return !lines.slice(1).some((line) => line.trim() === end);
  const bare = withoutQuotes(text);
  if (bare === null || /(\\|\||&&)$/.test(bare.trimEnd())) return true;
  return count(bare, /\b(do|then)\b/g) > count(bare, /\b(done|fi)\b/g);
}

/** Null where a quote is open. Comments go too, for an apostrophe in one opens nothing. */
function withoutQuotes(text: string): string | null {
  const bare = text.replaceAll(/"(?:[^"\\]|\\[\s\S])*"|'[^']*'|(?<=\s)#.*$/gm, '');
  return /["']/.test(bare) ? null : bare;
}

const count = (text: string, what: RegExp) => (text.match(what) ?? []).length;
