import { describe, expect, it } from 'vitest';
import type { ChainQuestion } from '#trust';
import { nginxStore } from './nginx-files.js';

const block = (label: string) => `-----BEGIN ${label}-----\nAA==\n-----END ${label}-----\n`;
const CA = block('CERTIFICATE');
const TRUSTED = block('TRUSTED CERTIFICATE');
const CRL = block('X509 CRL');

function store(nginxVersion: string | undefined, files: Partial<ChainQuestion>) {
  return nginxStore({
    ...{ bundlePem: CA, trustedPem: '', depth: 1, leafPem: '', sentPem: '', ...files },
    ...(nginxVersion === undefined ? {} : { nginxVersion }),
  });
}

/** What of it OpenSSL will find. */
function labels(nginxVersion: string | undefined, files: Partial<ChainQuestion>): string[] {
  const read = store(nginxVersion, files);
  if (read.kind === 'not-loaded') return [read.cause];
  return [...read.pem.matchAll(/BEGIN ([A-Z0-9 ]+)-/g)].map(([, label = '']) => label);
}

describe('what nginx loads', () => {
  it.each([[undefined], ['1.22.1'], ['1.26.3'], ['1.27.1'], ['1.22.1-9+deb12u3']])(
    '%s takes certificates and CRLs from every file',
    (version) => {
      const all = labels(version, { bundlePem: CA + CRL, trustedPem: TRUSTED + CRL, crlPem: CRL + CA });
      expect(all).toEqual([
        ...['CERTIFICATE', 'X509 CRL', 'TRUSTED CERTIFICATE', 'X509 CRL'],
        ...['X509 CRL', 'CERTIFICATE'],
      ]);
    },
  );

  it.each([['1.27.2'], ['1.28.3'], ['1.28.3-2~bpo13'], ['2.0']])(
    '%s takes certificates from two files, CRLs from the third',
    (version) => {
      const all = labels(version, { bundlePem: CA + CRL, trustedPem: TRUSTED + CRL, crlPem: CRL + CA });
      expect(all.filter((label) => label !== 'PASSED OVER')).toEqual([
        ...['CERTIFICATE', 'TRUSTED CERTIFICATE', 'X509 CRL'],
      ]);
      expect(all).toHaveLength(6);
    },
  );

  it.each<[string, Partial<ChainQuestion>, string, string]>([
    [
      'a bundle of a TRUSTED CERTIFICATE',
      { bundlePem: TRUSTED },
      'bundle: no certificate',
      'TRUSTED CERTIFICATE',
    ],
    ['a bundle of a CRL', { bundlePem: CRL }, 'bundle: no certificate', 'bundle: no certificate'],
    ['a trusted file of a CRL', { trustedPem: CRL }, 'X509 CRL', 'trusted file: no certificate'],
    ['a trusted file of nothing', { trustedPem: 'x' }, 'trusted file: no', 'trusted file: no'],
    ['a CRL file of a certificate', { crlPem: CA }, 'CERTIFICATE', 'CRL file: no CRL'],
    ['a CRL file of nothing', { crlPem: 'x' }, 'CRL file: no CRL', 'CRL file: no CRL'],
    ['a NUL in front', { trustedPem: `\0${CA}` }, 'trusted file: no', 'trusted file: no'],
  ])('%s', (_name, files, before, since) => {
    expect(labels('1.27.1', files).at(-1)).toContain(before);
    expect(labels('1.27.2', files).at(-1)).toContain(since);
  });

  it('leaves out a byte order mark that does not begin a file', () => {
    const read = store('1.22.1', { bundlePem: `\uFEFF${CA}`, trustedPem: `\uFEFF${CA}` });
    expect(read).toEqual({ kind: 'loaded', pem: `\uFEFF${CA}\n${CA}` });
  });
});
