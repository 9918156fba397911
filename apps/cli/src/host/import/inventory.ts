import { sshPlaceIn } from '../host-body.js';
import {
  type Imported,
  type ImportedHost,
  type ImportedServer,
  portIn,
  type Remark,
  readEach,
  Unusable,
} from './imported.js';

export type Variables = ReadonlyMap<string, string>;

interface Group {
  readonly hosts: Map<string, { readonly line: number; readonly variables: Map<string, string> }>;
  readonly children: Set<string>;
  readonly variables: Map<string, string>;
}

/** An inventory of Ansible, whatever form it was written in: groups with hosts, variables, and groups within. */
export class Inventory {
  private readonly groups = new Map<string, Group>();
  private readonly depths = new Map<string, number>();
  readonly passedOver: Remark[] = [];

  group(name: string): Group {
    const group = this.groups.get(name) ?? { hosts: new Map(), children: new Set(), variables: new Map() };
    this.groups.set(name, group);
    return group;
  }

  /** A host may be named several times: all of what is said of it counts. */
  addHost(group: string, name: string, line: number, variables: Variables): void {
    const { hosts } = this.group(group);
    const known = hosts.get(name);
    hosts.set(name, {
      line: known?.line ?? line,
      variables: new Map([...(known?.variables ?? []), ...variables]),
    });
  }

  /** The hosts of a group and of those within it. Throws RangeError with the names that there are. */
  read(group: string | undefined): Imported {
    if (group !== undefined && group !== 'all' && !this.groups.has(group)) {
      const names = [...this.groups.keys()].join(', ');
      throw new RangeError(`the inventory has no group "${group}"; it has ${names === '' ? 'none' : names}`);
    }
    this.depths.clear();
    const within = group === undefined || group === 'all' ? [...this.groups.keys()] : this.below(group);
    const lines = new Map<string, number>();
    for (const one of within) {
      for (const [name, { line }] of this.group(one).hosts)
        lines.set(name, Math.min(line, lines.get(name) ?? line));
    }
    const items = [...lines]
      .map(([name, line]) => ({ name, line }))
      .sort((one, other) => one.line - other.line);
    return {
      ...readEach(items, ({ name, line }) => hostOf(name, line, this.variablesOf(name))),
      passedOver: this.passedOver,
    };
  }

  /** As Ansible merges them: `all`, then groups from the outermost to the innermost, then the host's own. */
  private variablesOf(host: string): Variables {
    const holding = [...this.groups.keys()].filter((one) =>
      this.below(one).some((within) => this.group(within).hosts.has(host)),
    );
    const rank = (name: string) => (name === 'all' ? -1 : this.depthOf(name));
    const ordered = holding
      .filter((name) => name !== 'all')
      .sort((one, other) => rank(one) - rank(other) || (one < other ? -1 : 1));
    const own = ordered
      .concat('all')
      .flatMap((name) => [...(this.groups.get(name)?.hosts.get(host)?.variables ?? [])]);
    const shared = ['all', ...ordered].flatMap((name) => [...(this.groups.get(name)?.variables ?? [])]);
    return new Map([...shared, ...own]);
  }

  /** The longest way from outside. Each group is asked once: of ways there may be more than anybody can walk. */
  private depthOf(name: string): number {
    const known = this.depths.get(name);
    if (known !== undefined) return known;
    // Groups within each other have no outside; this ends the walk.
    this.depths.set(name, 0);
    const parents = [...this.groups]
      .filter(([, { children }]) => children.has(name))
      .map(([parent]) => parent);
    const depth = Math.max(0, ...parents.map((parent) => 1 + this.depthOf(parent)));
    this.depths.set(name, depth);
    return depth;
  }

  private below(name: string, seen: Set<string> = new Set()): string[] {
    if (seen.has(name)) return [];
    seen.add(name);
    return [
      name,
      ...[...(this.groups.get(name)?.children ?? [])].flatMap((child) => this.below(child, seen)),
    ];
  }
}

function hostOf(name: string, line: number, variables: Variables): ImportedHost {
  const word = (...names: string[]) => {
    const found = names.map((one) => variables.get(one)).find((value) => value !== undefined) ?? null;
    if (found?.includes('{{'))
      throw new Unusable(`${names[0]} is a template, "${found}", which only Ansible fills in`);
    return found;
  };
  const connection = word('ansible_connection');
  if (connection !== null && !['ssh', 'smart', 'paramiko', 'paramiko_ssh'].includes(connection)) {
    throw new Unusable(`ansible_connection is ${connection}; Windlass speaks SSH`);
  }
  const port = word('ansible_port', 'ansible_ssh_port');
  return {
    ...{ name, line, address: word('ansible_host', 'ansible_ssh_host') ?? name },
    port: port === null ? 22 : portIn(port),
    user: word('ansible_user', 'ansible_ssh_user'),
    keyFile: word('ansible_ssh_private_key_file', 'ansible_private_key_file'),
    jump: jumpIn([word('ansible_ssh_common_args'), word('ansible_ssh_extra_args')].join(' ')),
  };
}

/** `-J host` or `-o ProxyJump=host` among the arguments of ssh. */
function jumpIn(words: string): ImportedServer | null {
  if (/ProxyCommand/i.test(words))
    throw new Unusable('it is reached by a ProxyCommand; Windlass knows ProxyJump');
  const [, text] = /(?:^|\s|["'])(?:-J\s*|-o\s*["']?ProxyJump[= ]\s*)([^\s"']+)/i.exec(words) ?? [];
  if (text === undefined) return null;
  const place = sshPlaceIn(text);
  if (place === null)
    throw new Unusable(`the jump host "${text}" is not understood: Windlass knows one, [user@]host[:port]`);
  return { ...place, keyFile: null };
}
