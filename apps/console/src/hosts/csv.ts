/**
 * Reads comma-separated values as RFC 4180 has them: quotes around what holds a comma, a quote or a line break, and a
 * quote within doubled. Each row with the number of the line on which it begins; empty lines are passed over.
 */
export function readCsv(text: string): { readonly line: number; readonly cells: readonly string[] }[] {
  const rows: { line: number; cells: string[] }[] = [];
  let line = 1;
  for (const [row] of text.replaceAll('\r\n', '\n').matchAll(ROW)) {
    const cells = [...row.replace(/\n$/, '').matchAll(CELL)].map(([, quoted, plain]) =>
      quoted === undefined ? (plain ?? '').trim() : quoted.replaceAll('""', '"'),
    );
    if (row.trim() !== '') rows.push({ line, cells });
    line += row.split('\n').length - 1;
  }
  return rows;
}

/** Up to a line break that is in no quotes. */
const ROW = /(?:"(?:[^"]|"")*"|[^"\n]|"(?=[^"]*$))+\n?|\n/g;
const CELL = /(?:^|,)(?:\s*"((?:[^"]|"")*)"\s*|([^,]*))/g;
