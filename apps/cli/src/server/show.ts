import { stringify } from 'yaml';
import type { OutputFormat } from './output-format.js';

/** `value` as it is, or as `table` puts it for people. */
export function show<Value>(value: Value, format: OutputFormat, table: (value: Value) => string): string {
  if (format === 'json') return JSON.stringify(value, null, 2);
  return format === 'yaml' ? stringify(value).trimEnd() : table(value);
}

/** Columns side by side, as wide as their widest cell; the first row is the heading. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, place) => Math.max(...rows.map((row) => (row[place] ?? '').length)));
  const line = (row: readonly string[]) =>
    row.map((cell, place) => cell.padEnd(widths[place] ?? 0)).join('  ');
  return rows.map((row) => line(row).trimEnd()).join('\n');
}
