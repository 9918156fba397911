import { describe, expect, it } from 'vitest';
import { readCsv } from './csv.js';

describe('hosts of a table', () => {
  it('have what their columns say', () => {
    const { hosts, unusable } = readCsv(
      '\uFEFFname,address,port,user,jump,managedPaths,listeners,hostKey\r\n' +
        'edge-1,10.0.0.1,2222,root,me@jump:2200,/etc/a.pem; /etc/b.pem,:443/edge,"ssh-ed25519 AAAA ""x"""\r\n' +
        '\r\n' +
        'edge-2,10.0.0.2,,,,,,\r\n',
    );
    expect(unusable).toEqual([]);
    expect(hosts).toEqual([
      {
        ...{ line: 2, name: 'edge-1', address: '10.0.0.1', port: 2222, user: 'root', keyFile: null },
        jump: { address: 'jump', port: 2200, user: 'me', keyFile: null },
        ...{
          hostKey: 'ssh-ed25519 AAAA "x"',
          managedPaths: ['/etc/a.pem', '/etc/b.pem'],
          listeners: [':443/edge'],
        },
      },
      { line: 4, name: 'edge-2', address: '10.0.0.2', port: 22, user: null, keyFile: null, jump: null },
    ]);
  });

  it('count the lines within a quoted cell', () => {
    expect(readCsv('name,address\n"a\nb",1\nc,2').hosts.map(({ line }) => line)).toEqual([2, 4]);
  });

  it.each([
    ['a', 'it has 1 cells, and the head 3'],
    ['a,b,c,d', 'it has 4 cells, and the head 3'],
    ['a,,22', 'it has no name or no address'],
    ['a,b,ssh', '"ssh" is no port'],
  ])('are named when they cannot be enrolled: %s', (row, why) => {
    expect(readCsv(`name,address,port\n${row}`).unusable).toEqual([{ line: 2, what: 'a', why }]);
  });

  it.each([
    ['', 'line 1 must name the columns, name among them'],
    ['name,port', 'line 1 must name the columns, address among them'],
    ['name,address,ip', 'line 1: there is no column "ip"; there are name, address'],
    ['name,address\n"a,b', 'line 2 has a quote that is not closed'],
    ['name,address\n"a"b,c', 'line 2 has a quote that is not closed, or text beside a quote'],
  ])('are none in %j', (text, says) => {
    expect(() => readCsv(text)).toThrow(says);
  });
});
