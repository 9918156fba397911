import { expect, it } from 'vitest';
import { verifiedBy } from './verified-by.js';

it('names each OpenSSL once, and says where there was none', () => {
  expect(
    verifiedBy([
      { host: 'edge-1', openssl: 'OpenSSL 3.0.17' },
      { host: 'edge-1', openssl: 'OpenSSL 3.0.17' },
      { host: 'edge-2', openssl: null },
      { host: 'edge-3' },
    ]),
  ).toEqual([
    'OpenSSL 3.0.17 of edge-1',
    'the OpenSSL of Windlass, because edge-2 has no openssl command',
    'the OpenSSL of Windlass',
  ]);
});
