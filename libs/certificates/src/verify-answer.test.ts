import { describe, expect, it } from 'vitest';
import { PortError } from '#engine';
import { readAnswer } from './verify-answer.js';

describe('readAnswer', () => {
  it('accepts what openssl calls OK', () => {
    expect(readAnswer({ exitCode: 0, stdout: '/tmp/leaf.pem: OK\n', stderr: '' })).toEqual({
      verdict: 'accepted',
    });
  });

  it.each([
    {
      what: 'the sentence of a chain error',
      stderr:
        'CN = a\nerror 20 at 0 depth lookup: unable to get local issuer certificate\nerror leaf.pem: verification failed\n',
      cause: 'unable to get local issuer certificate',
    },
    {
      what: 'the reason why the bundle cannot be loaded',
      stderr:
        'Error loading file bundle.pem\n40A7:error:04800064:PEM routines:PEM_read_bio_ex:bad base64 decode:crypto/pem/pem_lib.c:966:\n',
      cause: 'nginx cannot load the bundle: bad base64 decode',
    },
    {
      what: 'a bundle that cannot be loaded for no named reason',
      stderr: 'Error loading file bundle.pem\n',
      cause: 'nginx cannot load the bundle: no certificate found',
    },
    {
      what: 'a leaf that cannot be read',
      stderr: 'Could not read certificate file from leaf.pem\n',
      cause: 'the client certificate cannot be read',
    },
    {
      what: 'intermediates that cannot be read',
      stderr: 'Could not read any untrusted certificates from sent.pem\n',
      cause: 'the intermediates that the client sends cannot be read',
    },
  ])('refuses with $what', ({ stderr, cause }) => {
    expect(readAnswer({ exitCode: 2, stdout: '', stderr })).toMatchObject({ verdict: 'refused', cause });
  });

  it('names every fault of the chain, and the certificate that has it', () => {
    const stderr = `CN=CA,O=Acme
error 10 at 1 depth lookup: certificate has expired
error 26 at 0 depth lookup: unsuitable certificate purpose
CN=client
error 22 at 0 depth lookup: certificate chain too long
error leaf.pem: verification failed
`;
    expect(readAnswer({ exitCode: 2, stdout: '', stderr })).toEqual({
      ...{ verdict: 'refused', cause: 'certificate has expired' },
      faults: [
        { code: 10, depth: 1, subject: 'CN=CA,O=Acme' },
        { code: 26, depth: 0, subject: '' },
        { code: 22, depth: 0, subject: 'CN=client' },
      ],
    });
  });

  it.each([
    { what: 'a bare exit code', exitCode: 2, stdout: '', stderr: '' },
    { what: 'an unknown option', exitCode: 1, stdout: '', stderr: 'verify: Unknown option: -no-CAstore\n' },
    { what: 'success without OK', exitCode: 0, stdout: '', stderr: '' },
    {
      what: 'a chain error beside exit code 0',
      exitCode: 0,
      stdout: '',
      stderr: 'error 10 at 0 depth lookup: certificate has expired\n',
    },
    {
      what: 'a disk that failed',
      exitCode: 2,
      stdout: '',
      stderr:
        'Error loading file bundle.pem\n40A7:error:80000005:system library:BIO_new_file:Input/output error:x.c:1:\n',
    },
  ])('takes $what for no verdict', (result) => {
    expect(() => readAnswer(result)).toThrowError(PortError);
    expect(() => readAnswer(result)).toThrow(
      expect.objectContaining({ problem: expect.objectContaining({ code: 'verifier.unavailable' }) }),
    );
  });
});
