import { Inventory } from './inventory.js';

/** An inventory in the INI form of Ansible. Throws RangeError that names the line. Pure. */
export function readIniInventory(text: string): Inventory {
  const inventory = new Inventory();
  let [group, kind] = ['ungrouped', 'hosts'];
  text.split(/\r?\n/).forEach((content, index) => {
    const line = index + 1;
    const bare = content.trim();
    if (bare === '' || /^[#;]/.test(bare)) return;
    if (bare.startsWith('[')) {
      [group, kind] = headingIn(bare, line);
      inventory.group(group);
    } else if (kind === 'children') inventory.group(group).children.add(wordsIn(bare)[0] ?? '');
    else if (kind === 'vars') variableIn(bare, line, inventory.group(group).variables);
    else for (const host of hostsIn(bare, line)) inventory.addHost(group, host.name, line, host.variables);
  });
  return inventory;
}

function headingIn(text: string, line: number): [group: string, kind: string] {
  const [, group, kind = 'hosts'] =
    /^\[([^\]:]+)(?::(vars|children|hosts))?\]\s*(?:[#;].*)?$/.exec(text) ?? [];
  if (group === undefined)
    throw new RangeError(`line ${line} is no heading such as [edge], [edge:vars] or [edge:children]`);
  return [group, kind];
}

function variableIn(text: string, line: number, variables: Map<string, string>): void {
  const [, name, value = ''] = /^([\w.-]+)\s*=\s*(.*)$/.exec(text) ?? [];
  if (name === undefined) throw new RangeError(`line ${line} is no variable such as ansible_user=root`);
  variables.set(name, unquoted(value.replace(/\s[#;].*$/, '').trim()));
}

function hostsIn(text: string, line: number): { name: string; variables: Map<string, string> }[] {
  const [first = '', ...words] = wordsIn(text);
  const variables = new Map<string, string>();
  for (const word of words) variableIn(word, line, variables);
  const [, name = first, port] = /^([^:[\]]+|[^:]*\[[^\]]+\][^:]*):(\d{1,5})$/.exec(first) ?? [];
  if (port !== undefined && !variables.has('ansible_port')) variables.set('ansible_port', port);
  return expandedRange(name, line).map((one) => ({ name: one, variables }));
}

/** Words between blanks, with quotes as in a shell, until a comment. */
function wordsIn(text: string): string[] {
  const words = [...text.matchAll(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g)].map(([word]) => word);
  const comment = words.findIndex((word) => word.startsWith('#'));
  return (comment < 0 ? words : words.slice(0, comment)).map((word) => word.replace(/(["'])(.*?)\1/g, '$2'));
}

function unquoted(text: string): string {
  return /^(["']).*\1$/.test(text) ? text.slice(1, -1) : text;
}

const MOST = 1_000;

/** `web[01:03]` and `db-[a:c]`, with a step behind a second colon. */
function expandedRange(name: string, line: number): string[] {
  const [, before = '', from, to, step = '1', behind = ''] =
    /^([^[]*)\[(\w+):(\w+)(?::(\d+))?\](.*)$/.exec(name) ?? [];
  if (from === undefined || to === undefined) {
    if (/[[\]]/.test(name)) throw new RangeError(`line ${line}: "${name}" is no range such as web[01:03]`);
    return [name];
  }
  const behinds = expandedRange(behind, line);
  const parts = rangeOf(from, to, Number(step), line);
  if (parts.length * behinds.length > MOST)
    throw new RangeError(`line ${line}: "${name}" has more than ${MOST} hosts`);
  return parts.flatMap((part) => behinds.map((rest) => `${before}${part}${rest}`));
}

function rangeOf(from: string, to: string, step: number, line: number): string[] {
  const numeric = /^\d+$/.test(from) && /^\d+$/.test(to);
  if (!numeric && !(/^[a-z]$/i.test(from) && /^[a-z]$/i.test(to))) {
    throw new RangeError(`line ${line}: [${from}:${to}] is no range of numbers or letters`);
  }
  const [first, last] = numeric ? [Number(from), Number(to)] : [from.charCodeAt(0), to.charCodeAt(0)];
  const count = step < 1 || last < first ? 0 : Math.floor((last - first) / step) + 1;
  if (count < 1 || count > MOST)
    throw new RangeError(`line ${line}: [${from}:${to}] has not 1 to ${MOST} hosts`);
  const written = (value: number) =>
    numeric ? String(value).padStart(from.length, '0') : String.fromCharCode(value);
  return Array.from({ length: count }, (_, place) => written(first + place * step));
}
