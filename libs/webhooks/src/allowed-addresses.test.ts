import { describe, expect, it } from 'vitest';
import { AllowedAddresses } from './allowed-addresses.js';

const REFUSED = {
  unspecified: ['0.0.0.0', '::'],
  loopback: ['127.0.0.1', '127.255.255.254', '::1'],
  private: ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1'],
  carrierGradeNat: ['100.64.0.1', '100.127.255.255'],
  linkLocal: ['169.254.169.254', 'fe80::1', 'fe80::1%eth0'],
  uniqueLocal: ['fc00::1', 'fd12:3456::1'],
  deprecatedSiteLocal: ['fec0::1'],
  multicast: ['224.0.0.1', '239.255.255.255', 'ff02::1'],
  broadcast: ['255.255.255.255'],
  reserved: [
    '192.0.0.8',
    '192.0.2.1',
    '198.18.0.1',
    '198.51.100.1',
    '203.0.113.1',
    '240.0.0.1',
    '2001:db8::1',
  ],
  ipv4Mapped: ['::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:8.8.8.8', '::127.0.0.1'],
  rfc6145: ['::ffff:0:127.0.0.1'],
  rfc6052: ['64:ff9b::7f00:1', '64:ff9b:1::a00:1'],
  '6to4': ['2002:7f00:1::'],
  teredo: ['2001::1'],
  discard: ['100::1'],
  segmentRouting: ['5f00::1'],
  unassigned: ['4000::1', 'a000::1'],
  'no address': ['', 'localhost', '127.1', '2130706433', '0x7f000001', '0177.0.0.1', '1.2.3.4/32'],
};

describe('addresses that webhooks may be sent to', () => {
  const addresses = new AllowedAddresses([]);

  it.each(Object.entries(REFUSED))('are none that are %s', (range, refused) => {
    expect(refused.map((address) => [address, addresses.refusal(address)])).toEqual(
      refused.map((address) => [address, range]),
    );
  });

  it('are the public ones', () => {
    for (const address of [
      '8.8.8.8',
      '172.15.0.1',
      '172.32.0.1',
      '100.128.0.1',
      '2606:4700::1111',
      '2a00::1',
    ])
      expect(addresses.refusal(address), address).toBeNull();
    expect([addresses.any, addresses.isNamed('8.8.8.8')]).toEqual([false, false]);
  });

  it('are those of a range that was named, whichever way they are written, and nothing beside it', () => {
    const named = new AllowedAddresses(['127.8.0.0/16', 'fd00:1::/32']);
    for (const address of ['127.8.0.1', '::ffff:127.8.255.255', 'fd00:1::9']) {
      expect([named.refusal(address), named.isNamed(address)], address).toEqual([null, true]);
    }
    for (const address of ['127.9.0.1', '127.7.255.255', '::ffff:127.9.0.1', 'fd00:2::9', '::1'])
      expect([named.refusal(address) === null, named.isNamed(address)], address).toEqual([false, false]);
    expect([named.refusal('8.8.8.8'), named.isNamed('8.8.8.8')]).toEqual([null, false]);
  });
});
