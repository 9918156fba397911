import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '#engine';
import { makeCa, startWebhookReceiver, type TestCa, verified, type WebhookReceiver } from '#kit';
import { AllowedAddresses, HttpWebhookSender, newWebhookSecret, type Resolve } from '#webhooks';

/** RFC 5280 4.2.1.12. */
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const LOOPBACK = new AllowedAddresses(['127.0.0.0/8']);
const BODY = JSON.stringify({
  ...{ specversion: '1.0', id: 'e1', source: 'urn:uuid:i', type: 'dev.windlass.webhook.test' },
  data: { text: 'Grüße' },
});

function aMessage(url: string, secrets: readonly Secret[] = [newWebhookSecret()]) {
  return { id: 'e1', url, body: BODY, secrets, at: Date.now() };
}

const codeOf = (sent: Promise<number>) =>
  sent.then(
    () => 'it was sent',
    (error: { problem?: { code: string } }) => error.problem?.code ?? String(error),
  );

describe('a webhook that is sent', () => {
  let receiver: WebhookReceiver;

  beforeAll(async () => {
    receiver = await startWebhookReceiver();
  });
  afterAll(() => receiver.stop());
  afterEach(() => {
    receiver.answer = 204;
    receiver.replyHeaders = {};
  });

  it('is signed as Standard Webhooks, and a CloudEvent in the body', async () => {
    const secret = newWebhookSecret();
    expect(await new HttpWebhookSender(LOOPBACK).send(aMessage(receiver.url, [secret]))).toBe(204);
    const last = receiver.received.at(-1);
    if (last === undefined) throw new Error('nothing came');
    expect(verified(last, secret.reveal()).data).toEqual({ text: 'Grüße' });
    expect(last).toMatchObject({
      path: '/hook',
      headers: { 'webhook-id': 'e1', 'content-type': 'application/cloudevents+json; charset=utf-8' },
    });
    expect(() => verified(last, newWebhookSecret().reveal())).toThrow();
    expect(() => verified({ ...last, body: `${last.body} ` }, secret.reveal())).toThrow();
  });

  it('is good for the holders of either secret while there are two', async () => {
    const [newest, before] = [newWebhookSecret(), newWebhookSecret()];
    await new HttpWebhookSender(LOOPBACK).send(aMessage(receiver.url, [newest, before]));
    const last = receiver.received.at(-1);
    if (last === undefined) throw new Error('nothing came');
    for (const secret of [newest, before]) expect(verified(last, secret.reveal()).id).toBe('e1');
  });

  it('brings back whatever status the receiver gave, and follows no redirect', async () => {
    const other = await startWebhookReceiver();
    receiver.replyHeaders = { location: other.url };
    for (const status of [200, 302, 307, 410, 500]) {
      receiver.answer = status;
      expect(await new HttpWebhookSender(LOOPBACK).send(aMessage(receiver.url))).toBe(status);
    }
    expect(other.received).toEqual([]);
    await other.stop();
  });

  it('is given up when the receiver, or the resolver, does not answer, and when nobody listens', async () => {
    receiver.answer = 'hang';
    const hurried = new HttpWebhookSender(LOOPBACK, { timeoutMs: 200 });
    expect(await codeOf(hurried.send(aMessage(receiver.url)))).toBe('webhook.timed-out');
    const resolve = () => new Promise<never>(() => undefined);
    const unresolved = new HttpWebhookSender(LOOPBACK, { timeoutMs: 200, resolve });
    expect(await codeOf(unresolved.send(aMessage('http://hooks.example/')))).toBe('webhook.timed-out');
    const gone = await startWebhookReceiver();
    await gone.stop();
    expect(await codeOf(new HttpWebhookSender(LOOPBACK).send(aMessage(gone.url)))).toBe(
      'webhook.unreachable',
    );
  });

  it('is refused replies with endless headers', async () => {
    receiver.replyHeaders = { 'x-long': 'x'.repeat(20_000) };
    expect(await codeOf(new HttpWebhookSender(LOOPBACK).send(aMessage(receiver.url)))).toBe(
      'webhook.unreachable',
    );
  });

  it('tells nothing of the path, which some receivers keep a secret in', async () => {
    const url = 'http://127.0.0.1:1/planted-path';
    const error = await new HttpWebhookSender(LOOPBACK)
      .send(aMessage(url))
      .catch((thrown: unknown) => thrown);
    expect(JSON.stringify(error) + String(error)).not.toContain('planted-path');
  });
});

describe('where a webhook may lead', () => {
  let receiver: WebhookReceiver;
  const hosts: Record<string, string[]> = {};
  const resolve: Resolve = async (name) =>
    (hosts[name] ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  const sent = (url: string, allowed: readonly string[]) =>
    codeOf(new HttpWebhookSender(new AllowedAddresses(allowed), { resolve }).send(aMessage(url)));

  beforeAll(async () => {
    receiver = await startWebhookReceiver({ address: '127.0.0.1' });
    Object.assign(hosts, {
      'loopback.example': ['127.0.0.1'],
      'mixed.example': ['93.184.216.34', '127.0.0.1'],
      'mapped.example': ['::ffff:127.0.0.1'],
      'metadata.example': ['169.254.169.254'],
      'nat64.example': ['64:ff9b::7f00:1'],
      'nowhere.example': [],
    });
  });
  afterAll(() => receiver.stop());

  it.each([
    ['https://127.0.0.1/', 'webhook.address-refused'],
    ['https://127.1/', 'webhook.address-refused'],
    ['https://2130706433/', 'webhook.address-refused'],
    ['https://0x7f000001/', 'webhook.address-refused'],
    ['https://0177.0.0.1/', 'webhook.address-refused'],
    ['https://[::1]/', 'webhook.address-refused'],
    ['https://[::ffff:127.0.0.1]/', 'webhook.address-refused'],
    ['https://[::ffff:7f00:1]/', 'webhook.address-refused'],
    ['https://10.1.2.3/', 'webhook.address-refused'],
    ['https://100.64.0.1/', 'webhook.address-refused'],
    ['https://169.254.169.254/latest/meta-data', 'webhook.address-refused'],
    ['https://[fe80::1]/', 'webhook.address-refused'],
    ['https://[fd00::1]/', 'webhook.address-refused'],
    ['https://224.0.0.1/', 'webhook.address-refused'],
    ['https://0.0.0.0/', 'webhook.address-refused'],
    ['https://loopback.example/', 'webhook.address-refused'],
    ['https://mixed.example/', 'webhook.address-refused'],
    ['https://mapped.example/', 'webhook.address-refused'],
    ['https://metadata.example/', 'webhook.address-refused'],
    ['https://nat64.example/', 'webhook.address-refused'],
    ['https://nowhere.example/', 'webhook.unreachable'],
    ['http://93.184.216.34/', 'webhook.url-refused'],
    ['http://loopback.example/', 'webhook.url-refused'],
    ['https://user:pw@hooks.example/', 'webhook.url-refused'],
    ['https://hooks.example/#here', 'webhook.url-refused'],
    ['ftp://hooks.example/', 'webhook.url-refused'],
    ['file:///etc/passwd', 'webhook.url-refused'],
    ['hooks.example', 'webhook.url-refused'],
    [`https://hooks.example/${'x'.repeat(2_048)}`, 'webhook.url-refused'],
  ])('is not %s', async (url, code) => {
    expect(await sent(url, [])).toBe(code);
  });

  it('is no public address by http, though some range is allowed', async () => {
    Object.assign(hosts, { 'public.example': ['93.184.216.34'] });
    expect(await sent('http://public.example/', ['127.0.0.0/8'])).toBe('webhook.url-refused');
    expect(await sent('http://93.184.216.34/', ['127.0.0.0/8'])).toBe('webhook.url-refused');
  });

  it('is what an allowed range has, and nothing beside it', async () => {
    const url = (host: string) => `http://${host}:${receiver.port}/`;
    expect(await sent(url('127.0.0.1'), ['127.0.0.1/32'])).toBe('it was sent');
    expect(await sent(url('loopback.example'), ['127.0.0.1/32'])).toBe('it was sent');
    expect(await sent(url('loopback.example'), ['127.0.0.2/32'])).toBe('webhook.address-refused');
  });

  it('is the address that was judged, whatever the name says a moment later', async () => {
    const answers = [['127.0.0.1'], ['10.0.0.1'], ['10.0.0.1']];
    let asked = 0;
    const rebinding: Resolve = async () => {
      asked += 1;
      return (answers.shift() ?? []).map((address) => ({ address, family: 4 }));
    };
    const sender = new HttpWebhookSender(LOOPBACK, { resolve: rebinding });
    expect(await sender.send(aMessage(`http://rebinding.example:${receiver.port}/`))).toBe(204);
    expect(asked).toBe(1);
    const [host] = receiver.received.at(-1)?.headers.host?.split(':') ?? [];
    expect(host).toBe('rebinding.example');
    expect(await codeOf(sender.send(aMessage(`http://rebinding.example:${receiver.port}/`)))).toBe(
      'webhook.address-refused',
    );
  });

  it('is refused when it is recorded already, as far as the URL tells', () => {
    const sender = new HttpWebhookSender(new AllowedAddresses([]));
    expect(() => sender.check('https://10.0.0.1/')).toThrow(/private/);
    expect(() => sender.check('http://hooks.example/')).toThrow(/not https/);
    expect(() => sender.check('https://hooks.example/windlass?x=1')).not.toThrow();
  });
});

describe('a receiver with a certificate', () => {
  let ca: TestCa;
  let receiver: WebhookReceiver;
  const resolve: Resolve = async () => [{ address: '127.0.0.1', family: 4 }];
  const sent = (name: string, trusted: string | undefined) => {
    const sender = new HttpWebhookSender(LOOPBACK, { resolve, ...(trusted ? { ca: trusted } : {}) });
    return codeOf(sender.send(aMessage(`https://${name}:${receiver.port}/`)));
  };

  beforeAll(async () => {
    ca = await makeCa({ commonName: 'CA of receivers' });
    const server = await ca.issueClient({ commonName: 'hooks.example', extendedKeyUsages: [SERVER_AUTH] });
    receiver = await startWebhookReceiver({
      tls: { key: server.privateKeyPem, cert: server.certificatePem },
    });
  });
  afterAll(() => receiver.stop());

  it('is sent to by its name, when its CA is trusted, and not otherwise', async () => {
    expect(await sent('hooks.example', ca.certificatePem)).toBe('it was sent');
    expect(await sent('other.example', ca.certificatePem)).toBe('webhook.unreachable');
    expect(await sent('hooks.example', undefined)).toBe('webhook.unreachable');
    expect(receiver.received).toHaveLength(1);
  });
});
