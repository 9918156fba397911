import { describe, expect, it } from 'vitest';
import type { Imported } from './imported.js';
import { readIniInventory } from './ini-inventory.js';
import { readYamlInventory } from './yaml-inventory.js';

const INI = `# two sites
lone ansible_host=10.0.0.9

[edge]
edge-[01:02].example ansible_user=own   # a comment
edge-3:2222 ansible_ssh_private_key_file='~/.ssh/a key'

[edge:vars]
ansible_user=edge
ansible_ssh_common_args='-o ProxyJump=me@jump:2200'

[web:children]
edge

[web:vars]
ansible_user=web
ansible_port=22022

[all:vars]
ansible_user=everybody
`;

const YAML = `all:
  vars:
    ansible_user: everybody
  hosts:
    lone:
      ansible_host: 10.0.0.9
  children:
    web:
      vars:
        ansible_user: web
        ansible_port: 22022
      children:
        edge:
          hosts:
            edge-01.example:
              ansible_user: own
            edge-02.example: { ansible_user: own }
            edge-3:
              ansible_port: 2222
              ansible_ssh_private_key_file: ~/.ssh/a key
          vars:
            ansible_user: edge
            ansible_ssh_common_args: -o ProxyJump=me@jump:2200
`;

const JUMP = { address: 'jump', port: 2200, user: 'me', keyFile: null };
const EDGE = { keyFile: null, jump: JUMP };

function withoutLines({ hosts }: Imported) {
  return hosts.map(({ line, ...host }) => host);
}

describe.each([
  ['INI', readIniInventory(INI)],
  ['YAML', readYamlInventory(YAML)],
])('an inventory in %s', (_form, inventory) => {
  it('gives every host what Ansible would use', () => {
    expect(withoutLines(inventory.read(undefined))).toEqual([
      { name: 'lone', address: '10.0.0.9', port: 22, user: 'everybody', keyFile: null, jump: null },
      { ...EDGE, name: 'edge-01.example', address: 'edge-01.example', port: 22_022, user: 'own' },
      { ...EDGE, name: 'edge-02.example', address: 'edge-02.example', port: 22_022, user: 'own' },
      { ...EDGE, name: 'edge-3', address: 'edge-3', port: 2_222, user: 'edge', keyFile: '~/.ssh/a key' },
    ]);
  });

  it('gives the hosts of a group and of those within it', () => {
    expect(inventory.read('web').hosts.map(({ name }) => name)).toEqual([
      'edge-01.example',
      'edge-02.example',
      'edge-3',
    ]);
    expect(() => inventory.read('nobody')).toThrow(/^the inventory has no group "nobody"; it has .*edge/);
  });
});

describe('an inventory in INI', () => {
  it('has lines, ranges of letters and steps', () => {
    const { hosts } = readIniInventory('[x]\ndb-[a:c]\n\nweb[1:5:2].example\n').read('x');
    expect(hosts.map(({ line, name }) => `${line} ${name}`)).toEqual([
      ...['2 db-a', '2 db-b', '2 db-c', '4 web1.example', '4 web3.example', '4 web5.example'],
    ]);
  });

  it('takes no time that doubles with every layer of groups', () => {
    const layers = Array.from({ length: 60 }, (_, place) => {
      const [a, b] = [`[a${place}:children]\nl${place}`, `[b${place}:children]\nl${place}`];
      return `${a}\n${b}\n[l${place + 1}:children]\na${place}\nb${place}`;
    });
    const { hosts } = readIniInventory(`[l0]\nedge-1\n${layers.join('\n')}`).read('l60');
    expect(hosts.map(({ name }) => name)).toEqual(['edge-1']);
  });

  it('with groups within each other comes to an end', () => {
    const { hosts } = readIniInventory('[a]\nedge-1\n[a:children]\nb\n[b:children]\na\n').read('b');
    expect(hosts.map(({ name }) => name)).toEqual(['edge-1']);
  });

  it.each([
    ['[edge', 'line 1 is no heading'],
    ['[edge:what]', 'line 1 is no heading'],
    ['[edge]\nedge-1 root', 'line 2 is no variable'],
    ['edge-[a:9]', 'line 1: [a:9] is no range of numbers or letters'],
    ['edge-[5:1]', 'line 1: [5:1] has not 1 to 1000 hosts'],
    ['e[1:99]-[1:99]', 'line 1: "e[1:99]-[1:99]" has more than 1000 hosts'],
    ['edge-[1:2', 'line 1: "edge-[1:2" is no range'],
  ])('of "%s" is refused', (text, says) => {
    expect(() => readIniInventory(text)).toThrow(says);
  });

  it.each([
    ['ansible_connection=local', 'ansible_connection is local; Windlass speaks SSH'],
    ['ansible_host="{{ ip }}"', 'ansible_host is a template, "{{ ip }}", which only Ansible fills in'],
    ['ansible_port=ssh', '"ssh" is no port'],
    [
      `ansible_ssh_common_args='-o ProxyCommand="nc %h"'`,
      'it is reached by a ProxyCommand; Windlass knows ProxyJump',
    ],
    ['ansible_ssh_extra_args="-J a,b"', 'the jump host "a,b" is not understood'],
  ])('names a host with %s as one that cannot be enrolled', (variable, why) => {
    const { hosts, unusable } = readIniInventory(`# first\nedge ${variable}\n`).read(undefined);
    expect(hosts).toEqual([]);
    expect(unusable).toEqual([{ line: 2, what: 'edge', why: expect.stringContaining(why) }]);
  });
});

describe('an inventory in YAML', () => {
  it('has lines, and says what is passed over', () => {
    const inventory = readYamlInventory('edge:\n  hosts:\n    a:\n    b:\n  host: {}\n').read('edge');
    expect(inventory.hosts.map(({ line, name }) => `${line} ${name}`)).toEqual(['3 a', '4 b']);
    expect(inventory.passedOver).toEqual([
      { line: 5, what: 'host', why: 'is none of hosts, children and vars' },
    ]);
  });

  it.each([
    ['- edge', 'line 1: the inventory must be a mapping'],
    ['edge:\n  hosts: [a]', 'line 2: hosts of edge must be a mapping'],
    ['edge: {', 'line 1 is no YAML'],
  ])('of "%s" is refused', (text, says) => {
    expect(() => readYamlInventory(text)).toThrow(says);
  });
});
