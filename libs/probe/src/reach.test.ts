import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { PortError } from '#engine';
import { RegisteredHosts, type RegisteredHostsOptions } from './reach.js';
import { TlsProbe } from './tls-probe.js';

const NAMES: Record<string, readonly string[]> = {
  'edge.example': ['10.1.0.1'],
  'both.example': ['10.1.0.1', '10.9.9.9'],
  'rebound.example': ['127.0.0.1'],
  'metadata.example': ['169.254.169.254'],
  'empty.example': [],
};
const lookup = async (name: string) =>
  NAMES[name]?.map((address) => ({ address, family: 4 })) ??
  Promise.reject(Object.assign(new Error('none'), { code: 'ENOTFOUND' }));

const HOSTS = [
  '10.1.0.1',
  '127.20.0.1',
  '2001:db8::1',
  'rebound.example',
  'metadata.example',
  '169.254.169.254',
];
const reach = (over: Partial<RegisteredHostsOptions> = {}) =>
  new RegisteredHosts({ hosts: async () => HOSTS, ranges: [], lookup, ...over });
const outcome = (address: string, over: Partial<RegisteredHostsOptions> = {}) =>
  reach(over)
    .addressFor({ address, port: 443 })
    .catch((error: PortError) => error.problem.code);

describe('RegisteredHosts', () => {
  it.each([
    ['the address of a host', '10.1.0.1', '10.1.0.1'],
    ['a host on loopback, as demos have them', '127.20.0.1', '127.20.0.1'],
    ['the address of a host written otherwise', '2001:0DB8:0::1', '2001:0DB8:0::1'],
    ['a name that leads to a host', 'edge.example', '10.1.0.1'],
    ['a stranger', '10.9.9.9', 'probe.not-allowed'],
    ['a neighbour of a host on loopback', '127.0.0.1', 'probe.not-allowed'],
    ['what is one address of two behind a name', 'both.example', 'probe.not-allowed'],
    ['a name that its owner points to this machine', 'rebound.example', 'probe.not-allowed'],
    ['the metadata of a cloud by a name of a host', 'metadata.example', 'probe.not-allowed'],
    ['the metadata of a cloud, enrolled as a host', '169.254.169.254', 'probe.not-allowed'],
    ['the same as IPv6', '::ffff:169.254.169.254', 'probe.not-allowed'],
    ['the same as IPv6 in hexadecimal', '::ffff:a9fe:a9fe', 'probe.not-allowed'],
    ['nowhere', '0.0.0.0', 'probe.not-allowed'],
    ['everybody', '224.0.0.1', 'probe.not-allowed'],
    ['a link', 'fe80::1%lo', 'probe.not-allowed'],
    ['a name that is not there', 'gone.example', 'probe.no-answer'],
    ['a name without an address', 'empty.example', 'probe.no-answer'],
  ])('answers for %s', async (_what, address, expected) => {
    expect(await outcome(address)).toBe(expected);
  });

  it.each([
    ['10.9.0.0/16', '10.9.9.9', '10.9.9.9'],
    ['10.9.0.0/16', 'both.example', '10.1.0.1'],
    ['127.0.0.0/8', 'rebound.example', '127.0.0.1'],
    ['169.254.0.0/16', '169.254.169.254', '169.254.169.254'],
    ['10.9.0.0/24', '10.9.9.9', 'probe.not-allowed'],
    ['2001:db8:1::/48', '2001:db8:1::5', '2001:db8:1::5'],
  ])('with the range %s allowed, answers for %s', async (range, address, expected) => {
    expect(await outcome(address, { ranges: [range] })).toBe(expected);
  });

  it('finds a host that was enrolled a moment ago, and asks for the list no more than it must', async () => {
    const hosts = ['10.1.0.1'];
    let reads = 0;
    let now = 0;
    const read = async () => {
      reads += 1;
      return [...hosts];
    };
    const one = reach({ hosts: read, now: () => now });
    for (let times = 0; times < 5; times += 1) await one.addressFor({ address: '10.1.0.1', port: 443 });
    expect(reads).toBe(1);
    hosts.push('10.1.0.2');
    expect(await one.addressFor({ address: '10.1.0.2', port: 443 })).toBe('10.1.0.2');
    hosts.splice(0);
    now = 60_000;
    await expect(one.addressFor({ address: '10.1.0.1', port: 443 })).rejects.toMatchObject({
      problem: { code: 'probe.not-allowed', nextStep: expect.stringContaining('WINDLASS_PROBE_RANGES') },
    });
  });

  it('has the address dialled that was checked, whatever the name says a moment later', async () => {
    const knocks: number[] = [];
    const server = createServer((socket) => {
      knocks.push(socket.localPort ?? 0);
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.20.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    let asked = 0;
    const turning = async () => {
      asked += 1;
      return [{ address: asked === 1 ? '127.20.0.1' : '10.9.9.9', family: 4 }];
    };
    const probe = new TlsProbe({ reach: reach({ lookup: turning, ranges: ['127.20.0.0/16'] }) });
    const target = { address: 'turning.example', port, serverName: null, path: '/' };
    expect(await probe.ask(target, null)).toMatchObject({ kind: 'no-answer' });
    expect(knocks).toEqual([port]);
    await expect(probe.ask(target, null)).rejects.toMatchObject({ problem: { code: 'probe.not-allowed' } });
    await expect(probe.servedCaNames(target)).rejects.toMatchObject({
      problem: { code: 'probe.not-allowed' },
    });
    server.close();
  });

  it('tells of a name that is not there as of a listener that does not answer', async () => {
    const probe = new TlsProbe({ reach: reach() });
    const answer = await probe.ask({ address: 'gone.example', port: 1, serverName: null, path: '/' }, null);
    expect(answer).toMatchObject({ kind: 'no-answer', reason: expect.stringContaining('ENOTFOUND') });
  });
});
