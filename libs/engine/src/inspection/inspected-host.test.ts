import { expect, it } from 'vitest';
import type { HostRecord } from '../ports/fleet-store.js';
import type { HostObservation } from '../ports/host-gateway.js';
import { opensslWarnings } from './inspected-host.js';

const HOST = { name: 'edge-1' } as HostRecord;

function nginxWith(openssl: string): HostObservation {
  return { nginx: { openssl } } as HostObservation;
}

it.each([
  { nginx: 'OpenSSL 3.0.17 1 Jul 2025', version: 'OpenSSL 3.0.17 1 Jul 2025 (Library: 3.0.17)', codes: [] },
  {
    nginx: 'OpenSSL 3.0.15 3 Sep 2024 (running with OpenSSL 3.0.17 1 Jul 2025)',
    version: 'OpenSSL 3.0.17 1 Jul 2025',
    codes: [],
  },
  { nginx: 'OpenSSL 3.0.17 1 Jul 2025', version: 'OpenSSL 3.5.1', codes: ['host.other-openssl'] },
  { nginx: 'BoringSSL', version: 'OpenSSL 3.5.1', codes: ['host.other-openssl'] },
  { nginx: '', version: 'OpenSSL 3.5.1', codes: ['host.other-openssl'] },
])('nginx with "$nginx" beside openssl "$version": $codes', ({ nginx, version, codes }) => {
  const warnings = opensslWarnings(HOST, nginxWith(nginx), { version, securityLevel: 2 });
  expect(warnings.map(({ code }) => code)).toEqual(codes);
});

it('tells what is not known', () => {
  expect(opensslWarnings(HOST, nginxWith(''), null)).toMatchObject([{ code: 'host.no-openssl' }]);
  const unknown = { version: 'OpenSSL 3.0.17', securityLevel: null };
  expect(opensslWarnings(HOST, nginxWith('OpenSSL 3.0.17'), unknown)).toMatchObject([
    { code: 'host.unknown-security-level', message: expect.stringContaining('edge-1') },
  ]);
});
