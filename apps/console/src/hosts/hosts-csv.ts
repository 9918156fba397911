import type { components } from '#api-client';
import { readCsv } from './csv.js';
import { linesOf, listenerOf } from './listeners.js';

export type NewHost = components['schemas']['NewHost'];

/** The columns, by the fields of the API that they become. Several paths or listeners stand with `;` between them. */
export const COLUMNS = ['name', 'address', 'port', 'user', 'hostKey', 'managedPaths', 'listeners'] as const;
type Column = (typeof COLUMNS)[number];
const NEEDED: readonly Column[] = ['name', 'address', 'listeners'];

/** What all hosts have that say nothing else. */
export interface HostDefaults {
  readonly user: string;
  readonly login: 'key' | 'agent';
  readonly privateKey: string;
  readonly managedPaths: readonly string[];
}

export interface HostsRead {
  readonly hosts: readonly NewHost[];
  /** What is wrong, with the line. */
  readonly faults: readonly string[];
}

/** Hosts out of a table whose first line names the columns. Never throws. */
function hostsOfCsv(text: string, defaults: HostDefaults): HostsRead {
  const [head, ...rows] = readCsv(text);
  if (!head) return { hosts: [], faults: ['There is nothing in it.'] };
  const fault = headFault(head.cells);
  if (fault !== null) return { hosts: [], faults: [fault] };
  const read = rows.map(({ line, cells }) => {
    const row = new Map(head.cells.map((column, index) => [column, cells[index] ?? '']));
    const host = hostOf((column) => row.get(column) ?? '', defaults);
    return typeof host === 'string' ? `Line ${line}: ${host}` : host;
  });
  const faults = read.filter((one) => typeof one === 'string');
  if (rows.length === 0) faults.push('There is no host below the first line.');
  return { hosts: read.filter((one) => typeof one !== 'string'), faults };
}

function headFault(head: readonly string[]): string | null {
  const strange = head.find((column) => !COLUMNS.some((known) => known === column));
  if (strange !== undefined) return `There is no column “${strange}”; there are ${COLUMNS.join(', ')}.`;
  const missing = NEEDED.find((column) => !head.includes(column));
  return missing === undefined ? null : `The first line names no column “${missing}”.`;
}

function hostOf(cell: (column: Column) => string, defaults: HostDefaults): NewHost | string {
  const address = cell('address');
  const targets = linesOf(cell('listeners'), ';').map((text) => listenerOf(text, address));
  const paths = linesOf(cell('managedPaths'), ';');
  const port = cell('port') === '' ? 22 : Number(cell('port'));
  const user = cell('user') || defaults.user;
  const managedPaths = paths.length > 0 ? paths : [...defaults.managedPaths];
  if (cell('name') === '') return 'the name is missing.';
  if (address === '') return 'the address is missing.';
  if (!Number.isInteger(port)) return `“${cell('port')}” is no port.`;
  if (user === '') return 'the user is missing, here and for all.';
  if (managedPaths.length === 0) return 'the managed path is missing, here and for all.';
  if (targets.length === 0 || targets.includes(null)) return LISTENER_FAULT;
  return {
    ...{ name: cell('name'), address, port, user, managedPaths },
    ...loginOf(defaults),
    ...(cell('hostKey') === '' ? {} : { hostKey: cell('hostKey') }),
    probeTargets: targets.filter((target) => target !== null),
  };
}

const LISTENER_FAULT = 'a listener is written as 8443, 10.0.0.7:8443 or 10.0.0.7:8443 edge.example.';

/** How Windlass logs in. */
export function loginOf({ login, privateKey }: Pick<HostDefaults, 'login' | 'privateKey'>) {
  return login === 'agent' ? { login } : { login, privateKey };
}

/** Hosts as the API takes them: a list, or an object that holds one as `hosts`. Never throws. */
function hostsOfJson(text: string): HostsRead {
  try {
    const read: unknown = JSON.parse(text);
    const list = Array.isArray(read) ? read : (read as { hosts?: unknown } | null)?.hosts;
    if (Array.isArray(list) && list.length > 0) return { hosts: list as NewHost[], faults: [] };
    return { hosts: [], faults: ['A list of hosts is expected, or an object with one under “hosts”.'] };
  } catch (error) {
    return {
      hosts: [],
      faults: [`This is no JSON: ${error instanceof Error ? error.message : String(error)}`],
    };
  }
}

/** JSON begins with a bracket or a brace; a table never does. */
export function hostsOf(text: string, defaults: HostDefaults): HostsRead {
  return /^\s*[[{]/.test(text) ? hostsOfJson(text) : hostsOfCsv(text, defaults);
}
