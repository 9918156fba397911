import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Secret } from '#engine';
import { explainFailure } from './vault-failure.js';

const TOKEN = 'hvs.SECRETSECRET';
const place = {
  address: 'https://vault.example:8200',
  namespace: 'team',
  mount: 'pki',
  token: new Secret(TOKEN),
  serverCaPem: null,
};
const question = { method: 'GET', path: 'pki/config/issuers', purpose: 'read the default issuer' } as const;

function answer(statusCode: number, body: unknown) {
  return explainFailure({ message: 'x', response: { statusCode, body } }, question, place);
}

function network(code: string, message = code) {
  return explainFailure(Object.assign(new Error(message), { code }), question, place);
}

describe('explainFailure', () => {
  it.each([
    ['ca.sealed', true, answer(503, { errors: ['Vault is sealed'] })],
    ['ca.unreachable', true, answer(503, '<html>no healthy upstream</html>')],
    ['ca.unreachable', true, answer(502, 'Bad Gateway')],
    ['ca.unreachable', true, answer(504, '')],
    ['ca.rate-limited', true, answer(429, { errors: ['request path "pki/x": rate limit quota exceeded'] })],
    ['ca.denied', false, answer(403, { errors: ['permission denied'] })],
    ['ca.wrong-mount', false, answer(404, { errors: [] })],
    ['ca.failed', false, answer(500, { errors: ['internal error'] })],
    ['ca.failed', false, answer(400, { errors: ['issuer name contained invalid characters'] })],
    ['ca.unreachable', true, network('ECONNREFUSED')],
    ['ca.unreachable', true, network('ENOTFOUND')],
    ['ca.unreachable', true, network('ECONNRESET', 'socket hang up')],
    ['ca.unreachable', true, network('', 'no answer within 10 s')],
    ['ca.unreachable', false, network('DEPTH_ZERO_SELF_SIGNED_CERT')],
    ['ca.unreachable', false, network('CERT_HAS_EXPIRED')],
    ['ca.unreachable', false, network('ERR_TLS_CERT_ALTNAME_INVALID')],
    ['ca.unreachable', false, network('EPROTO', 'wrong version number')],
  ])('%s, transient %s', (code, transient, error) => {
    expect(error.problem.code).toBe(code);
    expect(error.transient).toBe(transient);
  });

  it('names the place, the purpose and the request', () => {
    expect(answer(403, { errors: [] }).problem.message).toBe(
      'Vault at https://vault.example:8200 (mount pki, namespace team) denied the token when asked to read the default issuer (GET pki/config/issuers)',
    );
  });

  it("keeps Vault's words on one line", () => {
    const { problem } = answer(500, {
      errors: ['2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n'],
    });
    expect(problem.detail).toBe('permission denied invalid token');
    expect(answer(502, '').problem.detail).toBe('HTTP 502');
  });

  it('lets neither the token nor a key through', () => {
    const key = '-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE\n-----END EC PRIVATE KEY-----';
    const error = explainFailure(
      Object.assign(new Error(`${TOKEN} was sent with ${key}`), {
        config: { headers: { 'X-Vault-Token': TOKEN } },
        code: 'ECONNRESET',
      }),
      question,
      place,
    );
    expect(error.problem.detail).toBe('[secret] was sent with [private key]');
    for (const text of [inspect(error, { depth: 20 }), JSON.stringify(error)]) {
      expect(text).not.toContain(TOKEN);
      expect(text).not.toContain('MHcCAQEE');
    }
  });
});
