import { describe, expect, it } from 'vitest';
import { aHostBody, aSampleBody } from './bodies.js';
import { SecretSearch } from './secret-search.js';

const token = 'planted-token-1234567890';

describe('the search for secrets', () => {
  it.each([
    ['as it is', token],
    ['in JSON', JSON.stringify({ a: token })],
    ['in a URL', `?t=${encodeURIComponent(token)}`],
    ['in hexadecimal', `\\x00${Buffer.from(token).toString('hex')}00`],
    ...[0, 1, 2].map((n) => [
      `in base64, offset ${n}`,
      Buffer.from(`${'.'.repeat(n)}${token}:`).toString('base64'),
    ]),
  ])('finds one %s', (_how, text = '') => {
    expect(new SecretSearch({ token }).foundIn(`before ${text} after`)).toEqual(['token']);
  });

  it.each([0, 1, 2])('finds bytes that it knows in base64, in any base64 at offset %s', (offset) => {
    const bytes = Buffer.alloc(32, 0xfb);
    const around = Buffer.concat([Buffer.alloc(offset, 1), bytes, Buffer.alloc(3, 2)]);
    const search = new SecretSearch({ key: bytes.toString('base64') });
    for (const encoding of ['base64', 'base64url', 'hex'] as const) {
      expect(search.foundIn(around.toString(encoding)), encoding).toEqual(['key']);
    }
  });

  it('finds keys in text, in JSON and in bytes, and nothing else', async () => {
    const keys = { ssh: String(aHostBody().privateKey), sample: String((await aSampleBody()).privateKey) };
    for (const [what, key] of Object.entries(keys)) {
      const body = key.replace(/-----.*-----/g, '');
      const bytes = Buffer.from(body.replaceAll('\n', ''), 'base64').toString('hex');
      for (const text of [body, JSON.stringify(body), Buffer.from(body).toString('base64'), bytes]) {
        expect(new SecretSearch(keys).foundIn(text)).toEqual([what]);
      }
    }
    const { certificatePem } = await aSampleBody();
    expect(new SecretSearch(keys).foundIn(`${certificatePem}${aHostBody().hostKey}`)).toEqual([]);
  });
});
