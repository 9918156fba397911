import { describe, expect, it } from 'vitest';
import { checkManagedPaths } from './managed-paths.js';
import { parseNginxDump } from './parse-dump.js';
import { trustContexts } from './trust-context.js';

const MANAGED = '/etc/windlass/clients.pem';

function audit(servers: string, paths: readonly string[] = [MANAGED]) {
  return checkManagedPaths(trustContexts(parseNginxDump(`http {\n${servers}\n}`)), paths);
}

function codes(servers: string, paths?: readonly string[]): string[] {
  return audit(servers, paths).map(({ code }) => code);
}

const GOOD = `server { ssl_client_certificate ${MANAGED}; ssl_verify_client on; }`;

describe('checkManagedPaths', () => {
  it('has nothing to say of a server that verifies with the managed file alone', () => {
    expect(audit(GOOD)).toEqual([]);
  });

  it('has nothing to say of servers that Windlass does not manage', () => {
    expect(
      audit(`${GOOD}\nserver { ssl_client_certificate /other.pem; ssl_verify_client optional; }`),
    ).toEqual([]);
  });

  it('finds a managed file that no server names', () => {
    expect(audit('server { ssl_client_certificate /other.pem; ssl_verify_client on; }')).toMatchObject([
      { code: 'nginx.path-unused', severity: 'error', file: null, line: null },
    ]);
  });

  it('says where such a file is named for OCSP only', () => {
    const [finding] = audit(`server { ssl_trusted_certificate ${MANAGED}; }`);
    expect(finding?.code).toBe('nginx.path-unused');
    expect(finding?.message).toContain('/etc/nginx/nginx.conf:2 names it in ssl_trusted_certificate only');
  });

  it('finds a managed file that nginx never loads', () => {
    expect(codes(`server { ssl_client_certificate ${MANAGED}; }`)).toEqual([
      'nginx.path-not-loaded',
      'nginx.verify-off',
    ]);
  });

  it('is content when one of several servers loads it, and warns of the other', () => {
    expect(codes(`${GOOD}\nserver { ssl_client_certificate ${MANAGED}; }`)).toEqual(['nginx.verify-off']);
  });

  it.each([
    { value: 'optional', code: 'nginx.verify-optional' },
    { value: 'optional_no_ca', code: 'nginx.verify-optional-no-ca' },
  ])('warns of ssl_verify_client $value with its place', ({ value, code }) => {
    expect(
      audit(`\nserver { ssl_client_certificate ${MANAGED}; ssl_verify_client ${value}; }`),
    ).toMatchObject([{ code, severity: 'warning', file: '/etc/nginx/nginx.conf', line: 3 }]);
  });

  it('warns of a trusted file that widens the trust', () => {
    const findings = audit(GOOD.replace('}', 'ssl_trusted_certificate /etc/ssl/all.pem; }'));
    expect(findings).toMatchObject([{ code: 'nginx.trusted-file-widens', severity: 'warning', line: 2 }]);
    expect(findings[0]?.message).toContain('/etc/ssl/all.pem');
  });

  it('does not mind a trusted file that is the managed file itself', () => {
    expect(audit(GOOD.replace('}', `ssl_trusted_certificate ${MANAGED}; }`))).toEqual([]);
  });

  it('refuses a CRL that Windlass does not manage', () => {
    expect(audit(GOOD.replace('}', 'ssl_crl /etc/ssl/crl.pem; }'))).toMatchObject([
      { code: 'nginx.crl-not-managed', severity: 'error', file: '/etc/nginx/nginx.conf', line: 2 },
    ]);
  });

  describe('in a fleet that checks revocation', () => {
    const found = (more: string, paths: readonly string[] = [MANAGED]) =>
      checkManagedPaths(
        trustContexts(parseNginxDump(`http {\n${GOOD.replace('}', `${more} }`)}\n}`)),
        paths,
        'crl',
      );

    it('has nothing to say of ssl_crl with a managed path, the same or a second one', () => {
      expect(found(`ssl_crl ${MANAGED};`)).toEqual([]);
      expect(found('ssl_crl /etc/windlass/crls.pem;', [MANAGED, '/etc/windlass/crls.pem'])).toEqual([]);
    });

    it.each([
      { more: '', code: 'nginx.no-crl' },
      { more: 'ssl_crl "";', code: 'nginx.no-crl' },
      { more: 'ssl_crl /etc/ssl/crl.pem;', code: 'nginx.crl-not-managed' },
    ])('names a server with "$more", and what to write there: $code', ({ more, code }) => {
      const [finding, ...others] = found(more);
      expect(finding).toMatchObject({ code, severity: 'error', file: '/etc/nginx/nginx.conf', line: 2 });
      expect(finding?.nextStep).toContain(`write ssl_crl ${MANAGED};`);
      expect(others).toEqual([]);
    });

    it('still finds a managed path that nobody names', () => {
      const codesOf = found(`ssl_crl ${MANAGED};`, [MANAGED, '/b.pem']).map(({ code }) => code);
      expect(codesOf).toEqual(['nginx.path-unused']);
    });
  });

  it('sees what a server inherits', () => {
    expect(
      codes(`ssl_crl /crl.pem; ssl_client_certificate ${MANAGED}; ssl_verify_client on;\nserver { }`),
    ).toEqual(['nginx.crl-not-managed']);
  });

  it('judges each managed path by itself', () => {
    expect(codes(GOOD, [MANAGED, '/etc/windlass/second.pem'])).toEqual(['nginx.path-unused']);
    expect(codes('', [MANAGED, '/b.pem'])).toEqual(['nginx.path-unused', 'nginx.path-unused']);
    expect(codes(GOOD, [])).toEqual([]);
  });
});
