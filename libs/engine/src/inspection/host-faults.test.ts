import { describe, expect, it } from 'vitest';
import type { HostRecord } from '../ports/fleet-store.js';
import type { HostObservation } from '../ports/host-gateway.js';
import { Secret } from '../ports/secret.js';
import { contextsOn, hostFaults } from './host-faults.js';
import { settingsOn } from './trust-settings.js';

const NOW = Date.UTC(2027, 0, 1);
const HOST: HostRecord = {
  ...{ id: 'h', name: 'edge-1', fleetId: 'f', address: '127.0.0.1', port: 22, user: 'root', hostKey: 'k' },
  ...{ privateKey: new Secret('k'), managedPaths: ['/ca.pem'], nginxBinary: 'nginx', probeTargets: [] },
};

function dump(extra: string): string {
  return `# configuration file /etc/nginx/nginx.conf:\nhttp {\n  server {\n    listen 443 ssl;\n    ssl_client_certificate /ca.pem; ssl_verify_client on; ${extra}\n  }\n}\n`;
}

function observed(over: Partial<HostObservation> = {}, extra = ''): HostObservation {
  return {
    ...{ clock: new Date(NOW).toISOString(), transaction: null, freeBytes: 1 << 30, notWritable: [] },
    files: [{ path: '/ca.pem', resolved: '/real/ca.pem', digest: 'aa' }],
    nginx: {
      ...{ version: '1.22.1', openssl: 'OpenSSL 3.0.17 1 Jul 2025', masterPid: 1, configTestError: null },
      ...{ workers: [{ pid: 2, ageSeconds: 1, draining: false }], filesNewerThanWorkers: [] },
      configDump: dump(extra),
    },
    ...{ trustFiles: {}, liveContent: null },
    ...over,
  };
}

const codes = (what: HostObservation) =>
  hostFaults(HOST, what, contextsOn(what), { digest: 'aa', revocation: 'none', now: NOW }).map(
    ({ code }) => code,
  );

describe('what keeps a bundle from a host', () => {
  it('is nothing on a host as it should be', () => {
    expect(codes(observed())).toEqual([]);
  });

  it('is told all at once, what must be mended first in front', () => {
    const all = observed({
      ...{ notWritable: ['/etc/nginx'], clock: new Date(NOW - 60_000).toISOString(), freeBytes: 5 },
      ...{ nginx: null, files: [{ path: '/ca.pem', resolved: null, digest: null }] },
    });
    expect(codes(all)).toEqual([
      ...['host.no-permission', 'host.clock-behind', 'host.no-nginx', 'host.disk-full', 'host.path-missing'],
    ]);
  });

  it('says nothing of directives that cannot be read', () => {
    const { nginx } = observed();
    const broken = nginx && { ...nginx, configTestError: 'unknown directive', configDump: '' };
    expect(codes(observed({ nginx: broken }))).toEqual(['host.config-test-failed']);
  });

  it.each([
    { directive: 'ssl_trusted_certificate /other.pem;', unread: ['host.trust-file-unread'] },
    { directive: 'ssl_trusted_certificate /real/ca.pem;', unread: [] },
    { directive: 'ssl_crl /crl.pem;', unread: ['nginx.crl-not-managed', 'host.trust-file-unread'] },
  ])('is a file that decides and was not read: $directive', ({ directive, unread }) => {
    expect(codes(observed({}, directive))).toEqual(unread);
  });
});

describe('the settings of a host', () => {
  const openssl = { version: 'OpenSSL 3.0.17', securityLevel: 2 };

  it('hold what decides beside the bundle', () => {
    const files = { '/other.pem': 'other', '/crl.pem': 'crl' };
    const extra =
      'ssl_trusted_certificate /other.pem; ssl_crl /crl.pem; ssl_verify_depth 3; ssl_ciphers A@SECLEVEL=1;';
    const what = observed({ trustFiles: files }, extra);
    expect(settingsOn(HOST, what, contextsOn(what), openssl)).toEqual([
      {
        ...{ where: 'edge-1 /etc/nginx/nginx.conf:2', depth: 3, trustedPem: 'other', crlPem: 'crl' },
        ...{ nginxVersion: '1.22.1', securityLevel: 1, openssl: 'OpenSSL 3.0.17' },
      },
    ]);
  });

  it('do not hold the bundle of today where ssl_trusted_certificate names a managed file', () => {
    const files = { '/ca.pem': 'the bundle of today' };
    const what = observed({ trustFiles: files }, 'ssl_trusted_certificate /ca.pem;');
    const [setting] = settingsOn(HOST, what, contextsOn(what), null);
    expect(setting).toMatchObject({ trustedPem: '', openssl: null });
    expect(setting).not.toHaveProperty('securityLevel');
  });
});
