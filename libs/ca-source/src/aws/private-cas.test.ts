import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type AwsPcaCa, Secret } from '#engine';
import { PrivateCas } from './private-cas.js';

const ARN = 'arn:aws-cn:acm-pca:cn-north-1:123456789012:certificate-authority/1';
const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nQQ==\n-----END CERTIFICATE-----';
const busy = { status: 400, body: { __type: 'RequestInProgressException', message: 'not yet' } };

interface Answer {
  readonly status?: number;
  readonly body: object;
}

/** What moto never does, on played answers: waiting, pages, and what is sent. */
describe('a request to AWS Private CA', () => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  /** Plays the answers in order, the last one for ever, and keeps what was asked. */
  const played = async (answers: Readonly<Record<string, readonly Answer[]>>) => {
    const asked: { action: string; body: Record<string, unknown> }[] = [];
    server = createServer((request, response) => {
      let text = '';
      request.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      request.once('end', () => {
        const action = String(request.headers['x-amz-target']).replace(/^.*\./, '');
        const before = asked.filter((one) => one.action === action).length;
        asked.push({ action, body: JSON.parse(text) });
        const all = answers[action] ?? [];
        const { status = 200, body = {} } = all[Math.min(before, all.length - 1)] ?? {};
        response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1', connection: 'close' });
        response.end(JSON.stringify(body));
      });
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    const place: AwsPcaCa = {
      ...{ kind: 'aws-pca', id: 'i', region: 'cn-north-1', account: '123456789012', group: 'clients' },
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      accessKey: { id: 'AKIAIOSFODNN7EXAMPLE', secret: new Secret('the-secret') },
    };
    return { cas: new PrivateCas(place), asked };
  };

  it('waits for a CSR and for a certificate until they are ready', async () => {
    const { cas, asked } = await played({
      GetCertificateAuthorityCsr: [busy, { body: { Csr: 'csr' } }],
      IssueCertificate: [{ body: { CertificateArn: `${ARN}/certificate/1` } }],
      GetCertificate: [busy, busy, { body: { Certificate: CERTIFICATE } }],
    });
    expect(await cas.csr(ARN)).toBe('csr');
    const request = { csrPem: 'csr', template: 'T/V1', notAfter: 1_800_000_000_999, idempotencyToken: 't' };
    const issued = await cas.issue(
      ARN,
      { KeyAlgorithm: 'EC_prime256v1', SigningAlgorithm: 'SHA256WITHECDSA', Subject: {} },
      request,
    );
    expect(issued).toEqual({ certificatePem: `${CERTIFICATE}\n`, chainPem: '' });
    expect(asked.map(({ action }) => action)).toEqual([
      ...['GetCertificateAuthorityCsr', 'GetCertificateAuthorityCsr', 'IssueCertificate'],
      ...['GetCertificate', 'GetCertificate', 'GetCertificate'],
    ]);
    expect(asked[2]?.body).toMatchObject({
      TemplateArn: 'arn:aws-cn:acm-pca:::template/T/V1',
      SigningAlgorithm: 'SHA256WITHECDSA',
      Validity: { Type: 'ABSOLUTE', Value: 1_800_000_000 },
      IdempotencyToken: 't',
    });
  });

  it('reads every page', async () => {
    const page = (Arn: string, NextToken?: string) => ({
      body: { CertificateAuthorities: [{ Arn }], NextToken },
    });
    const tags = (Key: string, NextToken?: string) => ({ body: { Tags: [{ Key, Value: 'v' }], NextToken } });
    const { cas, asked } = await played({
      ListCertificateAuthorities: [page('a', '2'), page('b')],
      ListTags: [tags('x', '2'), tags('y')],
    });
    expect((await cas.list()).map(({ Arn }) => Arn)).toEqual(['a', 'b']);
    expect([...(await cas.tags(ARN)).keys()]).toEqual(['x', 'y']);
    expect(asked.map(({ body }) => body.NextToken)).toEqual([undefined, '2', undefined, '2']);
  });

  it('repeats a reading that is throttled, and sends a write once', async () => {
    const throttled = { status: 400, body: { __type: 'ThrottlingException', message: 'slower' } };
    const { cas, asked } = await played({
      ListTags: [throttled, { body: { Tags: [] } }],
      TagCertificateAuthority: [throttled],
    });
    expect((await cas.tags(ARN)).size).toBe(0);
    await expect(cas.tag(ARN, 'k', 'v', 'tag it')).rejects.toMatchObject({
      transient: true,
      problem: { code: 'ca.rate-limited' },
    });
    expect(asked.map(({ action }) => action)).toEqual(['ListTags', 'ListTags', 'TagCertificateAuthority']);
  });

  it('ca.failed for a reply without what was asked for', async () => {
    const { cas } = await played({ DescribeCertificateAuthority: [{ body: {} }] });
    await expect(cas.describe(ARN)).rejects.toMatchObject({
      problem: { code: 'ca.failed', message: expect.stringContaining(`read ${ARN}`) },
    });
  });
});
