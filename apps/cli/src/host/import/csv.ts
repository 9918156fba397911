import { sshPlaceIn } from '../host-body.js';
import { type Imported, type ImportedHost, portIn, readEach, Unusable } from './imported.js';

const COLUMNS = [
  ...['name', 'address', 'port', 'user', 'keyFile', 'hostKey', 'jump', 'managedPaths', 'listeners'],
] as const;

interface Row {
  readonly line: number;
  readonly cells: readonly string[];
}

/**
 * Hosts of a table (RFC 4180) whose first line names its columns; several paths and listeners stand between
 * semicolons. Throws RangeError for a table that cannot be read. Pure.
 */
export function readCsv(text: string): Imported {
  const [head, ...rows] = records(text.replace(/^\uFEFF/, ''));
  const columns = (head?.cells ?? []).map((cell) => cell.trim());
  const stray = columns.find((column) => !COLUMNS.some((one) => one === column));
  if (stray !== undefined)
    throw new RangeError(`line 1: there is no column "${stray}"; there are ${COLUMNS.join(', ')}`);
  for (const needed of ['name', 'address']) {
    if (!columns.includes(needed)) throw new RangeError(`line 1 must name the columns, ${needed} among them`);
  }
  const items = rows.map(({ line, cells }) => {
    const fields = new Map(columns.map((column, place) => [column, (cells[place] ?? '').trim()]));
    return { line, name: fields.get('name') || `line ${line}`, fields, count: cells.length };
  });
  return {
    ...readEach(items, (item) => {
      if (item.count !== columns.length)
        throw new Unusable(`it has ${item.count} cells, and the head ${columns.length}`);
      return hostIn(item.line, item.fields);
    }),
    passedOver: [],
  };
}

function hostIn(line: number, fields: ReadonlyMap<string, string>): ImportedHost {
  const cell = (column: (typeof COLUMNS)[number]) => fields.get(column) || null;
  const list = (column: 'managedPaths' | 'listeners') => {
    const words = (cell(column) ?? '').split(';').map((word) => word.trim());
    const given = words.filter((word) => word !== '');
    return given.length === 0 ? {} : { [column]: given };
  };
  const [name, address, hostKey] = [cell('name'), cell('address'), cell('hostKey')];
  if (name === null || address === null) throw new Unusable('it has no name or no address');
  return {
    ...{
      line,
      name,
      address,
      port: portIn(cell('port') ?? '22'),
      user: cell('user'),
      keyFile: cell('keyFile'),
    },
    jump: jumpIn(cell('jump')),
    ...(hostKey === null ? {} : { hostKey }),
    ...list('managedPaths'),
    ...list('listeners'),
  };
}

function jumpIn(text: string | null): ImportedHost['jump'] {
  if (text === null) return null;
  const place = sshPlaceIn(text);
  if (place === null) throw new Unusable(`the jump host "${text}" is not such as windlass@jump.example:2222`);
  return { ...place, keyFile: null };
}

/** Throws RangeError for a quote that is never closed. */
function records(text: string): Row[] {
  const found: Row[] = [];
  let [line, cells, at]: [number, string[], number] = [1, [], 0];
  let begun = 1;
  while (at < text.length) {
    const [whole, quoted, plain = '', end = ''] = cellAt(text, at, line);
    cells.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    at += whole.length;
    line += whole.split('\n').length - 1;
    if (end === ',' && at < text.length) continue;
    if (end === ',') cells.push('');
    if (cells.some((cell) => cell.trim() !== '')) found.push({ line: begun, cells });
    [cells, begun] = [[], line];
  }
  return found;
}

function cellAt(text: string, at: number, line: number): RegExpExecArray {
  const cell = /(?:"((?:[^"]|"")*)"[ \t]*|([^",\r\n][^,\r\n]*|))(,|\r?\n|$)/y;
  cell.lastIndex = at;
  const found = cell.exec(text);
  if (found === null)
    throw new RangeError(`line ${line} has a quote that is not closed, or text beside a quote`);
  return found;
}
