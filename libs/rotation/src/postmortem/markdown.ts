/** Text of people and tools as one line that cannot be taken for markup, nor by a terminal for orders. */
export function inline(text: string): string {
  return text
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .replaceAll(/[\\`|[\]*]|(?<!\w)[_~]|[_~](?!\w)/g, '\\$&')
    .replaceAll('<', '&lt;');
}

/** What a tool said, as it said it, but for what would give orders to a terminal. */
export function quoted(said: string): string {
  const text = said.replaceAll(/[^\P{Cc}\t\n]+/gu, '');
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${text.trimEnd()}\n${fence}`;
}

/** The cells are markup already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

/** Such as `2 h 5 min`, from two RFC 3339 times. */
export function between(from: string, to: string): string {
  const seconds = Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);
  if (seconds < 60) return `${Number(seconds.toFixed(1))} s`;
  const whole = Math.round(seconds);
  const [days, hours, minutes] = [whole / 86_400, (whole / 3_600) % 24, (whole / 60) % 60].map(Math.floor);
  if (days) return `${days} d ${hours} h`;
  return hours ? `${hours} h ${minutes} min` : `${minutes} min ${whole % 60} s`;
}

/** The first of them by name; the others are counted. */
export function some(names: readonly string[], most = 5): string {
  const more = names.length - most;
  return more > 0 ? `${names.slice(0, most).join(', ')} and ${more} more` : names.join(', ');
}
