import { describe, expect, it } from 'vitest';
import { explainFault } from './refusal.js';

describe('explainFault', () => {
  it.each([
    [20, 0, 'nobody has the certificate that signed the client certificate CN=x: neither bundle nor client'],
    [10, 0, 'the client certificate CN=x has expired'],
    [10, 2, 'the CA certificate CN=x has expired'],
    [12, 1, 'the CRL for the CA certificate CN=x is stale: its nextUpdate has passed'],
  ])('%i at depth %i', (code, depth, what) => {
    expect(explainFault({ code, depth, subject: 'CN=x' })).toMatchObject({ what });
  });

  it('has words for a certificate without a name, and for what it does not know', () => {
    const fault = { code: 94, depth: 1, subject: '' };
    expect(explainFault(fault).what).toBe('OpenSSL refuses the CA certificate with error 94');
    expect(explainFault(fault).nextStep).toContain('94');
  });
});
