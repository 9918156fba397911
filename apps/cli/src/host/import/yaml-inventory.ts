import { isMap, isScalar, LineCounter, type Node, type Pair, parseDocument, type YAMLMap } from 'yaml';
import { Inventory } from './inventory.js';

/** An inventory in the YAML form of Ansible. Throws RangeError that names the line. Pure. */
export function readYamlInventory(text: string): Inventory {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [fault] = document.errors;
  if (fault) throw new RangeError(`line ${fault.linePos?.[0].line ?? '?'} is no YAML: ${fault.code}`);
  const reader = new Reader(lines);
  reader.groups(reader.mapping(document.contents, 'the inventory'), null);
  return reader.inventory;
}

class Reader {
  readonly inventory = new Inventory();

  constructor(private readonly lines: LineCounter) {}

  groups(groups: YAMLMap | null, parent: string | null): void {
    for (const pair of groups?.items ?? []) {
      const name = this.keyOf(pair);
      if (parent !== null && parent !== 'all') this.inventory.group(parent).children.add(name);
      this.group(name, this.mapping(pair.value, `group ${name}`));
    }
  }

  /** Null where there is nothing. Throws RangeError for something that is no mapping. */
  mapping(node: unknown, what: string): YAMLMap | null {
    if (node === null || node === undefined || (isScalar(node) && node.value === null)) return null;
    if (isMap(node)) return node;
    throw new RangeError(`line ${this.lineOf(node as Node)}: ${what} must be a mapping`);
  }

  private group(name: string, body: YAMLMap | null): void {
    const { variables } = this.inventory.group(name);
    for (const pair of body?.items ?? []) {
      const part = this.keyOf(pair);
      const value = this.mapping(pair.value, `${part} of ${name}`);
      if (part === 'hosts') this.hosts(name, value);
      else if (part === 'children') this.groups(value, name);
      else if (part === 'vars') for (const [key, text] of this.variables(value)) variables.set(key, text);
      else {
        const line = this.lineOf(pair.key as Node);
        this.inventory.passedOver.push({ line, what: part, why: 'is none of hosts, children and vars' });
      }
    }
  }

  private hosts(group: string, hosts: YAMLMap | null): void {
    for (const pair of hosts?.items ?? []) {
      const name = this.keyOf(pair);
      const variables = this.variables(this.mapping(pair.value, `host ${name}`));
      this.inventory.addHost(group, name, this.lineOf(pair.key as Node), variables);
    }
  }

  /** Only plain values matter to how a host is reached. */
  private variables(node: YAMLMap | null): Map<string, string> {
    const plain = (node?.items ?? []).filter(({ value }) => isScalar(value) && value.value !== null);
    return new Map(plain.map((pair) => [this.keyOf(pair), String((pair.value as { value: unknown }).value)]));
  }

  private keyOf({ key }: Pair): string {
    return String(isScalar(key) ? key.value : key);
  }

  private lineOf(node: Node | null | undefined): number {
    return this.lines.linePos(node?.range?.[0] ?? 0).line;
  }
}
