import { describe, expect, it } from 'vitest';
import { fleetBody } from './fleet-body.js';

const FILES = {
  text: (file: string) => `text of ${file}`,
  secret: (file: string) => `secret in ${file}`,
};
const VAULT = { 'vault-address': 'https://v.example', 'vault-role': 'clients' };
const TOKEN = { ...VAULT, 'vault-token-file': 't' };

describe('the body of a new fleet', () => {
  it('is made of options, with secrets from files', () => {
    expect(
      fleetBody('edge', { ...TOKEN, bundle: 'b', soak: '2d', 'signed-by': 'root:a:b' }, {}, FILES),
    ).toEqual({
      ...{ name: 'edge', bundlePem: 'text of b', soakSeconds: 172_800 },
      issuingCa: {
        ...{
          kind: 'vault',
          address: 'https://v.example',
          mount: 'pki',
          role: 'clients',
          token: 'secret in t',
        },
        signedBy: { mount: 'root', issuer: 'a:b' },
      },
    });
  });

  it('takes an AppRole in place of a token', () => {
    const values = { ...VAULT, bundle: 'b', 'vault-role-id': 'id', 'vault-secret-id-file': '-' };
    expect(fleetBody('edge', values, {}, FILES).issuingCa).toMatchObject({
      appRole: { roleId: 'id', secretId: 'secret in -' },
    });
  });

  it('has what a file has, and options go before it', () => {
    const base = { name: 'old', approval: 'none', issuingCa: { kind: 'upload' }, bundlePem: 'pem' };
    expect(fleetBody('edge', { approval: 'contract', 'no-marker': true }, base, FILES)).toEqual({
      ...{ ...base, name: 'edge', approval: 'contract', generationMarker: false },
    });
  });

  it.each([
    ['a name', undefined, { ...TOKEN, bundle: 'b' }, 'NAME is missing'],
    ['a bundle', 'edge', TOKEN, '--bundle is missing'],
    ['a CA', 'edge', { bundle: 'b' }, 'the CA is missing'],
    ['an address', 'edge', { bundle: 'b', 'vault-role': 'r' }, '--vault-address is missing'],
    ['a role', 'edge', { bundle: 'b', 'vault-address': 'a' }, '--vault-role is missing'],
    ['a login', 'edge', { bundle: 'b', ...VAULT }, 'one login to Vault is needed'],
    ['one login', 'edge', { bundle: 'b', ...TOKEN, 'vault-role-id': 'x' }, 'one login to Vault is needed'],
    [
      'a secret id',
      'edge',
      { bundle: 'b', ...VAULT, 'vault-role-id': 'x' },
      '--vault-secret-id-file is missing',
    ],
    ['a time', 'edge', { ...TOKEN, bundle: 'b', soak: '2' }, '--soak must be such as 90s'],
    [
      'a word',
      'edge',
      { ...TOKEN, bundle: 'b', approval: 'x' },
      '--approval must be one of none, contract, not "x"',
    ],
    [
      'a count',
      'edge',
      { ...TOKEN, bundle: 'b', 'canary-hosts': 'x' },
      '--canary-hosts must be a whole number',
    ],
  ])('without %s is none', (_what, name, values, says) => {
    expect(() => fleetBody(name, values, {}, FILES)).toThrow(says);
  });
});
