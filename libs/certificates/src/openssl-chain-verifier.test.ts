import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCa, type TestCa, type TestCertificate } from '#kit';
import { OpensslChainVerifier } from './openssl-chain-verifier.js';

let ca: TestCa;
let client: TestCertificate;
let folder: string;

beforeAll(async () => {
  ca = await makeCa({ commonName: 'ca' });
  client = await ca.issueClient({ commonName: 'client' });
  folder = await mkdtemp(join(tmpdir(), 'windlass-openssl-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

function question(leafPem = client.certificatePem) {
  return { bundlePem: ca.certificatePem, trustedPem: '', depth: 1, leafPem, sentPem: '' };
}

/** A program that stands in for `openssl`. */
async function program(name: string, script: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return path;
}

describe('OpensslChainVerifier', () => {
  it('says why it refuses, in the words of OpenSSL', async () => {
    const other = await makeCa({ commonName: 'other' });
    expect(
      await OpensslChainVerifier.local().verify({ ...question(), bundlePem: other.certificatePem }),
    ).toEqual({
      ...{ verdict: 'refused', cause: 'unable to get local issuer certificate' },
      faults: [{ code: 20, depth: 0, subject: 'CN=client' }],
    });
  });

  it('refuses a leaf that is no certificate without asking', async () => {
    const verifier = OpensslChainVerifier.local({ binary: join(folder, 'missing') });
    expect(await verifier.verify(question('no PEM'))).toEqual({
      verdict: 'refused',
      cause: 'the client certificate cannot be read',
      faults: [],
    });
  });

  it.each([
    { what: 'CRLF', change: (pem: string) => pem.replaceAll('\n', '\r\n') },
    { what: 'text around it', change: (pem: string) => `Bag Attributes\n${pem}the end` },
    { what: 'a byte order mark', change: (pem: string) => `\uFEFF${pem}` },
  ])('reads a leaf with $what', async ({ change }) => {
    expect(await OpensslChainVerifier.local().verify(question(change(client.certificatePem)))).toEqual({
      verdict: 'accepted',
    });
  });

  it('hands no private key to the disk', async () => {
    const binary = await program(
      'grep-key',
      'grep -l "PRIVATE KEY" "$(dirname "$3")"/* >&2; echo "leaf: OK"',
    );
    const looking = await program(
      'fail-on-key',
      `${binary} "$@" 2>&1 | grep -q pem && exit 9; echo "leaf: OK"`,
    );
    const both = client.privateKeyPem + client.certificatePem + client.privateKeyPem;
    expect(
      await OpensslChainVerifier.local({ binary: looking }).verify({ ...question(both), sentPem: both }),
    ).toEqual({ verdict: 'accepted' });
  });

  it('asks about many clients at once in one process, and gets what each would get by itself', async () => {
    const counted = join(folder, 'count');
    const binary = await program('counted', `echo >> '${counted}'; exec openssl "$@"`);
    const [other, expired] = await Promise.all([
      makeCa({ commonName: 'other' }),
      ca.issueClient({
        commonName: 'old',
        notBefore: Date.parse('2020-01-01'),
        notAfter: Date.parse('2021-01-01'),
      }),
    ]);
    const stranger = await other.issueClient({ commonName: 'stranger' });
    const leaves = [client, stranger, expired, client, other].map(({ certificatePem }) => certificatePem);
    const together = OpensslChainVerifier.local({ binary });
    const verdicts = await Promise.all(leaves.map((leaf) => together.verify(question(leaf))));
    expect(verdicts.map(({ verdict }) => verdict)).toEqual([
      ...['accepted', 'refused', 'refused', 'accepted', 'refused'],
    ]);
    expect(await readFile(counted, 'utf8')).toBe('\n');
    for (const [index, leaf] of leaves.entries()) {
      expect(await OpensslChainVerifier.local().verify(question(leaf))).toEqual(verdicts[index]);
    }
  });

  it('takes a client that cannot be read for no other than itself', async () => {
    const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
    const stranger = await (await makeCa({ commonName: 'other' })).issueClient({ commonName: 'stranger' });
    const together = OpensslChainVerifier.local();
    expect(
      await Promise.all(
        [broken, stranger.certificatePem, client.certificatePem].map((leaf) =>
          together.verify(question(leaf)),
        ),
      ),
    ).toEqual([
      { verdict: 'refused', cause: 'the client certificate cannot be read', faults: [] },
      {
        ...{ verdict: 'refused', cause: 'unable to get local issuer certificate' },
        faults: [{ code: 20, depth: 0, subject: 'CN=stranger' }],
      },
      { verdict: 'accepted' },
    ]);
  });

  it('does not judge a client by the bundle or the depth of another', async () => {
    const other = await makeCa({ commonName: 'other' });
    const verifier = OpensslChainVerifier.local();
    const asked = [
      question(),
      { ...question(), bundlePem: other.certificatePem },
      { ...question(), sentPem: other.certificatePem },
      { ...question(), securityLevel: 5 },
    ];
    const verdicts = await Promise.all(asked.map((one) => verifier.verify(one)));
    expect(verdicts.map(({ verdict }) => verdict)).toEqual([
      ...['accepted', 'refused', 'accepted', 'refused'],
    ]);
  });

  it('has no verdict without openssl', async () => {
    const verifier = OpensslChainVerifier.local({ binary: join(folder, 'missing') });
    await expect(verifier.verify(question())).rejects.toMatchObject({
      problem: { code: 'verifier.unavailable' },
      transient: false,
    });
  });

  it('has no verdict, for now, when openssl takes too long', async () => {
    const verifier = OpensslChainVerifier.local({
      binary: await program('slow', 'exec sleep 60'),
      timeoutMilliseconds: 50,
    });
    await expect(verifier.verify(question())).rejects.toMatchObject({
      problem: { code: 'verifier.unavailable' },
      transient: true,
    });
  });

  it('lets nothing of our environment add trust', async () => {
    const binary = await program('environment', 'env >&2; exit 3');
    process.env.SSL_CERT_FILE = '/windlass/test';
    try {
      const error = await OpensslChainVerifier.local({ binary })
        .verify(question())
        .catch((thrown) => thrown);
      expect(error.problem.detail).toContain('LC_ALL=C');
      expect(error.problem.detail).not.toContain('SSL_CERT_FILE');
    } finally {
      delete process.env.SSL_CERT_FILE;
    }
  });

  it('runs no more openssl at once than it may', async () => {
    const binary = await program(
      'counting',
      `mkdir '${folder}/busy' || exit 9; sleep 0.02; rmdir '${folder}/busy'; echo "leaf: OK"`,
    );
    const verifier = OpensslChainVerifier.local({ binary, parallel: 1 });
    const verdicts = await Promise.all(Array.from({ length: 6 }, () => verifier.verify(question())));
    expect(verdicts).toEqual(Array.from({ length: 6 }, () => ({ verdict: 'accepted' })));
  });
});
