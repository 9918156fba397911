import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MASK, MASK_IN_BASE64, maskPrivateKeys, privateKeysIn } from './private-keys.js';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const ed = generateKeyPairSync('ed25519').privateKey;
const pem = (key: KeyObject, type: 'pkcs1' | 'pkcs8' | 'sec1') =>
  key.export({ format: 'pem', type } as { format: 'pem'; type: 'pkcs8' }).toString();
const sealed = rsa
  .export({ ...{ format: 'pem', type: 'pkcs8' }, ...{ cipher: 'aes-256-cbc', passphrase: 'x' } })
  .toString();
const legacy = rsa
  .export({ ...{ format: 'pem', type: 'pkcs1' }, ...{ cipher: 'aes-128-cbc', passphrase: 'x' } })
  .toString();
const openssh = `-----BEGIN OPENSSH PRIVATE KEY-----\n${Buffer.from(`openssh-key-v1\0${'x'.repeat(120)}`)
  .toString('base64')
  .replace(/.{70}/g, '$&\n')}\n-----END OPENSSH PRIVATE KEY-----\n`;

const KEYS: [string, string][] = [
  ['PKCS #1', pem(rsa, 'pkcs1')],
  ['PKCS #8', pem(rsa, 'pkcs8')],
  ['SEC 1', pem(ec, 'sec1')],
  ['an EC key in PKCS #8', pem(ec, 'pkcs8')],
  ['Ed25519', pem(ed, 'pkcs8')],
  ['an encrypted one', sealed],
  ['an old encrypted one', legacy],
  ['OpenSSH', openssh],
];

const withoutPrivateKeys = (text: string) => maskPrivateKeys(text).text;

/** The lines of base64. Headers say nothing that anybody must not know. */
const secretsOf = (key: string) => key.split('\n').filter((line) => /^[A-Za-z0-9+/=]{16,}$/.test(line));
const bodyOf = (key: string) => secretsOf(key).join('\n');
const CONFIG = 'server {\n    listen 443 ssl;\n    server_name a.test;\n}\n';
/** A real certificate's first bytes, as they look in PEM. */
const CERTIFICATE = `-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYDVQQGEwJJ\nRTESMBAGA1UEChMJQmFsdGltb3JlMRMwEQYDVQQLEwpDeWJlclRydXN0MSIwIAYD\n-----END CERTIFICATE-----\n`;

function expectNoneOf(key: string, text: string): void {
  for (const line of secretsOf(key)) expect(text).not.toContain(line.slice(0, 12));
}

describe.each(KEYS)('%s', (_, key) => {
  it('is masked between its header and its footer, and what stands around it stays', () => {
    const text = withoutPrivateKeys(`${CONFIG}${key}${CONFIG}`);
    expectNoneOf(key, text);
    expect(text).toContain(MASK);
    expect(text.startsWith(CONFIG) && text.endsWith(CONFIG)).toBe(true);
  });

  it('is masked without its footer, without its header, and without both', () => {
    const parts = [key.replace(/-+END.*/, ''), key.replace(/^-+BEGIN.*\n/, '')];
    // What an old encrypted key holds looks like nothing at all.
    for (const part of key === legacy ? parts : [...parts, bodyOf(key)]) {
      expectNoneOf(key, withoutPrivateKeys(`${CONFIG}${part}\n${CONFIG}`));
    }
    const cut = withoutPrivateKeys(`${key.replace(/-+END.*/, '')}${CONFIG}`);
    expect(cut.endsWith(CONFIG)).toBe(true);
  });

  it.each(['# ', '#', '    # ', '> ', '- ', '  - ', '\u00a0\u00a0'])(
    'is masked in lines that begin with “%s”, without its footer and without its header',
    (mark) => {
      const marked = `${CONFIG}${key.trimEnd().replace(/^/gm, mark)}\n${CONFIG}`;
      for (const part of [marked.replace(/^.*END.*\n/m, ''), marked.replace(/^.*BEGIN.*\n/m, '')]) {
        const text = withoutPrivateKeys(part);
        expectNoneOf(key, text);
        expect(text.startsWith(CONFIG) && text.endsWith(CONFIG)).toBe(true);
      }
    },
  );

  it('is masked with the line breaks of an old Mac, and with those of JSON in JSON', () => {
    const cut = key.replace(/-+END.*\n/, '');
    expectNoneOf(key, withoutPrivateKeys(cut.replaceAll('\n', '\r')));
    expectNoneOf(key, withoutPrivateKeys(JSON.stringify(JSON.stringify({ cut }))));
  });

  it('is masked on one line of JSON, indented in YAML, and in base64 once more', () => {
    const json = JSON.stringify({ key, next: 'stays' });
    expectNoneOf(key, withoutPrivateKeys(json));
    expect(JSON.parse(withoutPrivateKeys(json))).toMatchObject({ next: 'stays' });
    const cut = JSON.stringify({ key: key.replace(/^-+BEGIN.*\n/, '') });
    expectNoneOf(key, withoutPrivateKeys(cut));
    const yaml = `stringData:\n  tls.key: |\n    ${key.replaceAll('\n', '\n    ')}\n  other: stays\n`;
    expectNoneOf(key, withoutPrivateKeys(yaml));
    expect(withoutPrivateKeys(yaml)).toContain('  other: stays\n');
    const base64 = Buffer.from(CERTIFICATE + key).toString('base64');
    expect(withoutPrivateKeys(`data:\n  tls.pem: ${base64}\nkind: Secret\n`)).toBe(
      `data:\n  tls.pem: ${MASK_IN_BASE64}\nkind: Secret\n`,
    );
  });

  it('is masked with the line breaks of Windows', () => {
    expectNoneOf(key, withoutPrivateKeys(key.replaceAll('\n', '\r\n')));
  });

  it('is never whole in a text that is typed letter by letter, and masked after each', () => {
    let text = '';
    for (const letter of key) {
      text = withoutPrivateKeys(text + letter);
      const longest = Math.max(0, ...[...text.matchAll(/^[A-Za-z0-9+/=]+$/gm)].map(([run]) => run.length));
      expect(longest, text).toBeLessThan(16);
    }
  });
});

describe('masking', () => {
  it('masks every key of several', () => {
    const text = withoutPrivateKeys(KEYS.map(([, key]) => key).join(CONFIG));
    for (const [, key] of KEYS) expectNoneOf(key, text);
    expect(text.split(MASK).length - 1).toBe(KEYS.length);
    expect(text.split(CONFIG).length - 1).toBe(KEYS.length - 1);
  });

  it('masks a PuTTY file', () => {
    const lines = bodyOf(KEYS[0]?.[1] ?? '');
    const text = withoutPrivateKeys(
      `PuTTY-User-Key-File-3: ssh-rsa\nPrivate-Lines: 25\n${lines}\nPrivate-MAC: 12\n`,
    );
    expect(text).toBe(`PuTTY-User-Key-File-3: ssh-rsa\nPrivate-Lines: 25\n${MASK}\nPrivate-MAC: 12\n`);
  });

  it('leaves the cursor where it was in what stays, and behind a mask in what went', () => {
    const key = KEYS[0]?.[1] ?? '';
    const text = `${CONFIG}${key}${CONFIG}`;
    expect(maskPrivateKeys(text, 5)).toMatchObject({ head: 5, count: 1 });
    const inKey = maskPrivateKeys(text, CONFIG.length + 100);
    expect(inKey.text.slice(0, inKey.head).endsWith(MASK)).toBe(true);
    const behind = maskPrivateKeys(text, CONFIG.length + key.length + 3);
    expect(behind.text.slice(behind.head)).toBe(CONFIG.slice(3));
  });

  it('leaves certificates, requests for some, public keys, hashes and configurations alone', () => {
    const publicKey = generateKeyPairSync('rsa', { modulusLength: 2048 })
      .publicKey.export({ format: 'pem', type: 'spki' })
      .toString();
    const hash = 'a'.repeat(64);
    const base64 = Buffer.from(CERTIFICATE).toString('base64');
    for (const text of [
      CERTIFICATE,
      publicKey,
      hash,
      base64,
      CONFIG,
      '# BEGIN OF A PRIVATE PART\nserver {}',
    ]) {
      expect(privateKeysIn(text), text).toEqual([]);
    }
  });

  it('leaves the comments behind a header that nothing follows', () => {
    const text = `# -----BEGIN PRIVATE KEY-----\n# it was here once\n# ssl on;\n${CONFIG}`;
    expect(withoutPrivateKeys(text)).toBe(text);
  });

  it('leaves the configuration behind a header that nothing follows', () => {
    const text = `# put -----BEGIN PRIVATE KEY----- right below\n${CONFIG}`;
    expect(withoutPrivateKeys(text)).toBe(text);
  });

  it('does nothing to what it masked, whatever the text', () => {
    const word = fc.constantFrom(
      ...KEYS.flatMap(([, key]) => [key, key.slice(0, 300), key.slice(-300), key.slice(30, 90)]),
      ...[MASK, CONFIG, CERTIFICATE, '\n', '\\n', '"', '-----', 'BEGIN ', ' PRIVATE KEY', 'END '],
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), (words) => {
        const once = withoutPrivateKeys(words.join(''));
        expect(withoutPrivateKeys(once)).toBe(once);
      }),
    );
  });
});
