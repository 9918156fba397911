import { describe, expect, it } from 'vitest';
import { readCsv } from './csv.js';
import { type HostDefaults, hostsOf } from './hosts-csv.js';
import { listenerOf } from './listeners.js';

const DEFAULTS: HostDefaults = {
  ...{ user: 'windlass', login: 'key', privateKey: 'KEY' },
  managedPaths: ['/etc/nginx/trust/client-ca.pem'],
};
const read = (text: string, over: Partial<HostDefaults> = {}) => hostsOf(text, { ...DEFAULTS, ...over });

describe('comma-separated values', () => {
  it('have quotes, commas and line breaks within quotes, and count their lines', () => {
    expect(readCsv('a,b\r\n"x, ""y""",\n\n"two\nlines",z\nlast,')).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 2, cells: ['x, "y"', ''] },
      { line: 4, cells: ['two\nlines', 'z'] },
      { line: 6, cells: ['last', ''] },
    ]);
  });
});

describe('hosts out of a table', () => {
  it('take what a row leaves out from what is said for all', () => {
    const { hosts, faults } = read('name,address,listeners\nedge-1,10.0.0.7,8443\n');
    expect(faults).toEqual([]);
    expect(hosts).toEqual([
      {
        ...{
          name: 'edge-1',
          address: '10.0.0.7',
          port: 22,
          user: 'windlass',
          login: 'key',
          privateKey: 'KEY',
        },
        managedPaths: ['/etc/nginx/trust/client-ca.pem'],
        probeTargets: [{ address: '10.0.0.7', port: 8443, serverName: null, path: '/' }],
      },
    ]);
  });

  it('have ports, users, keys, paths and listeners of their own', () => {
    const text =
      'name,address,port,user,hostKey,managedPaths,listeners\n' +
      'edge-2,edge-2.example,2222,root,ssh-ed25519 AAAA,/a.pem; /b.pem,8443 a.example;10.0.0.9:9443';
    expect(read(text, { login: 'agent' }).hosts).toEqual([
      {
        ...{ name: 'edge-2', address: 'edge-2.example', port: 2222, user: 'root', login: 'agent' },
        ...{ hostKey: 'ssh-ed25519 AAAA', managedPaths: ['/a.pem', '/b.pem'] },
        probeTargets: [
          { address: 'edge-2.example', port: 8443, serverName: 'a.example', path: '/' },
          { address: '10.0.0.9', port: 9443, serverName: null, path: '/' },
        ],
      },
    ]);
  });

  it.each([
    ['', 'There is nothing in it.'],
    ['name,address\n', 'The first line names no column “listeners”.'],
    ['name,address,colour,listeners\n', 'There is no column “colour”'],
    ['name,address,listeners\n', 'There is no host below the first line.'],
    ['name,address,listeners\n,10.0.0.7,8443', 'Line 2: the name is missing.'],
    ['name,address,listeners\n\nedge,,8443', 'Line 3: the address is missing.'],
    ['name,address,listeners\nedge,10.0.0.7,', 'Line 2: a listener is written as'],
    ['name,address,listeners\nedge,10.0.0.7,https', 'Line 2: a listener is written as'],
    ['name,address,port,listeners\nedge,10.0.0.7,ssh,8443', 'Line 2: “ssh” is no port.'],
  ])('%j are refused in words', (text, words) => {
    const { hosts, faults } = read(text);
    expect(hosts).toEqual([]);
    expect(faults).toEqual([expect.stringContaining(words)]);
  });

  it('that are good stand beside the faults of those that are not', () => {
    const { hosts, faults } = read('name,address,listeners\na,10.0.0.7,8443\n,10.0.0.8,8443');
    expect([hosts.length, faults.length]).toEqual([1, 1]);
  });
});

describe('hosts out of JSON', () => {
  it.each(['[{"name":"a"}]', ' {"hosts":[{"name":"a"}]}'])('are taken as they are: %s', (text) => {
    expect(read(text)).toEqual({ hosts: [{ name: 'a' }], faults: [] });
  });

  it.each([
    ['{"name":"a"}', 'A list of hosts is expected'],
    ['[]', 'A list of hosts is expected'],
    ['[{', 'This is no JSON'],
  ])('%s are refused in words', (text, words) => {
    expect(read(text)).toEqual({ hosts: [], faults: [expect.stringContaining(words)] });
  });
});

describe('a listener', () => {
  it('is a port, an address with a port, or one in brackets, with a name or without', () => {
    const of = (text: string) => {
      const target = listenerOf(text, 'host');
      return target && [target.address, target.port, target.serverName];
    };
    expect(of('8443')).toEqual(['host', 8443, null]);
    expect(of(' 10.0.0.7:8443  edge.example ')).toEqual(['10.0.0.7', 8443, 'edge.example']);
    expect(of('[fd00::7]:8443')).toEqual(['fd00::7', 8443, null]);
    expect(of('edge.example')).toBeNull();
    expect(of('fd00::7:8443')).toBeNull();
  });
});
