import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { AwsCaSource } from '#ca-source';
import { type AwsPcaCa, PortError } from '#engine';
import type { TestAws } from '../kit/moto.js';
import { startInterferingProxy } from './ca-source.interference.js';
import { newGroup, newRootOfOthers, tagByOthers } from './ca-source.moto.js';

const source = new AwsCaSource();
const newRoot = { name: 'windlass-new', commonName: 'New CA', ttlSeconds: 31_536_000 };
const leaf = { issuerId: null, commonName: 'client', ttlSeconds: 600 };

/** What AWS's API reference lists under "Common Errors" and at the actions; moto throws few of them. */
const ANSWERS: readonly [exception: string, status: number, code: string, transient: boolean][] = [
  ['ThrottlingException', 400, 'ca.rate-limited', true],
  ['AccessDeniedException', 400, 'ca.denied', false],
  ['UnrecognizedClientException', 400, 'ca.login-refused', false],
  ['InvalidSignatureException', 400, 'ca.login-refused', false],
  ['ExpiredTokenException', 400, 'ca.login-refused', false],
  ['ResourceNotFoundException', 400, 'ca.unknown-issuer', false],
  ['InvalidStateException', 400, 'ca.usage-forbids', false],
  ['LimitExceededException', 400, 'ca.failed', false],
  ['ConcurrentModificationException', 400, 'ca.failed', true],
  ['ValidationException', 400, 'ca.failed', false],
  ['InternalFailure', 500, 'ca.unreachable', true],
  ['ServiceUnavailable', 503, 'ca.unreachable', true],
];

/** Every refusal has the code that the port documents, says what to do, and holds no secret. */
export function describeAwsRefusals(aws: () => TestAws): void {
  describe('refusals', () => {
    it.each(ANSWERS)('%s with status %i is %s', async (exception, status, code, transient) => {
      const { ca } = await newGroup(aws().address);
      const secret = ca.accessKey?.secret.reveal();
      const answering = await answersWith(status, {
        __type: exception,
        message: `its words, and ${secret} back`,
      });
      try {
        const there = { ...ca, endpoint: answering.address };
        const problem = await refusal(there, () => source.survey(there), transient);
        expect(problem).toMatchObject({ code, detail: expect.stringContaining('its words, and [secret]') });
        expect(problem.message).toContain('ListCertificateAuthorities');
      } finally {
        await answering.close();
      }
    });

    it('ca.unreachable, transient, for a port where nobody listens', async () => {
      const { ca } = await newGroup(aws().address);
      const gone = await answersWith(500, {});
      await gone.close();
      const nobody = { ...ca, endpoint: gone.address };
      const problem = await refusal(nobody, () => source.survey(nobody), true);
      expect(problem).toMatchObject({
        code: 'ca.unreachable',
        message: expect.stringContaining(gone.address),
      });
    });

    it('ca.failed for something that is not AWS', async () => {
      const { ca } = await newGroup(aws().address);
      const page = await answersWith(200, '<html>log in</html>');
      try {
        const there = { ...ca, endpoint: page.address };
        expect(await refusal(there, () => source.survey(there))).toMatchObject({ code: 'ca.failed' });
      } finally {
        await page.close();
      }
    });

    it('ca.no-default-issuer for a group that has none, or is in another account', async () => {
      const { ca } = await newGroup(aws().address);
      const code = 'ca.no-default-issuer';
      for (const other of [
        { ...ca, group: 'nobody' },
        { ...ca, account: '000000000000' },
      ]) {
        const asks = [
          () => source.survey(other),
          () => source.prepareIssuer(other, newRoot),
          () => source.issueLeaf(other, leaf),
        ];
        for (const ask of asks) expect(await refusal(other, ask)).toMatchObject({ code });
      }
    });

    it('ca.unknown-issuer', async () => {
      const { ca, oldId } = await newGroup(aws().address);
      const issuerId = oldId.replace(/[^/]*$/, randomUUID());
      const code = 'ca.unknown-issuer';
      const { oldId: ofAnother } = await newGroup(aws().address);
      for (const id of [issuerId, ofAnother]) {
        expect(await refusal(ca, () => source.setIssuing(ca, id, true))).toMatchObject({ code });
        expect(await refusal(ca, () => source.issueLeaf(ca, { ...leaf, issuerId: id }))).toMatchObject({
          code,
        });
        expect(await refusal(ca, () => source.switchDefault(ca, oldId, id))).toMatchObject({ code });
      }
    });

    it('ca.changed-by-others when the default is neither the old nor the new CA', async () => {
      const { ca, oldId } = await newGroup(aws().address);
      const { id } = await source.prepareIssuer(ca, newRoot);
      const tags = { 'windlass-group': ca.group, 'windlass-default': '7' };
      const third = await newRootOfOthers(aws().address, 'Third CA', tags);
      expect(await refusal(ca, () => source.switchDefault(ca, oldId, id))).toMatchObject({
        ...{ code: 'ca.changed-by-others', message: expect.stringContaining(oldId) },
      });
      expect((await source.survey(ca)).defaultIssuerId).toBe(third);
    });

    it('ca.changed-by-others when somebody changes the default at the same moment (F45)', async () => {
      const { ca, oldId } = await newGroup(aws().address);
      const { id } = await source.prepareIssuer(ca, newRoot);
      const code = 'ca.changed-by-others';
      for (const rank of ['2', '9']) {
        const meddled = await meddling(aws(), ca, /^Tag/, oldId, rank);
        expect(await refusal(ca, () => source.switchDefault(meddled.ca, oldId, id))).toMatchObject({ code });
        await meddled.close();
        await tagByOthers(aws().address, id, { 'windlass-default': 'none' });
      }
    });

    it('ca.changed-by-others instead of deleting or restricting the default', async () => {
      const { ca } = await newGroup(aws().address);
      const { id } = await source.prepareIssuer(ca, newRoot);
      await tagByOthers(aws().address, id, { 'windlass-default': '2' });
      const code = 'ca.changed-by-others';
      expect(await refusal(ca, () => source.withdrawIssuer(ca, newRoot.name))).toMatchObject({ code });
      expect(await refusal(ca, () => source.prepareIssuer(ca, newRoot))).toMatchObject({ code });
      expect((await source.survey(ca)).defaultIssuerId).toBe(id);
    });

    it('ca.changed-by-others for a CA of that name with another subject, and for two of it', async () => {
      const { ca } = await newGroup(aws().address);
      const tags = { 'windlass-group': ca.group, 'windlass-name': newRoot.name };
      const foreign = await newRootOfOthers(aws().address, 'Foreign CA', tags);
      const code = 'ca.changed-by-others';
      expect(await refusal(ca, () => source.prepareIssuer(ca, newRoot))).toMatchObject({
        ...{ code, message: expect.stringContaining('Foreign CA') },
      });
      const found = (await source.survey(ca)).issuers.find(({ id }) => id === foreign);
      expect(found?.usage).toContain('issuing-certificates');
      const second = await newRootOfOthers(aws().address, 'New CA', tags);
      const { message } = await refusal(ca, () => source.prepareIssuer(ca, newRoot));
      expect([message.includes(foreign), message.includes(second)]).toEqual([true, true]);
    });

    it('ca.changed-by-others when a CA does not become what it was made', async () => {
      const { ca, oldId } = await newGroup(aws().address);
      const meddled = await startInterferingProxy(aws().address, async (_asked, action) => {
        if (action === 'UpdateCertificateAuthority') await source.setIssuing(ca, oldId, true);
        return 'pass';
      });
      const behind = { ...ca, endpoint: meddled.address };
      expect(await refusal(ca, () => source.setIssuing(behind, oldId, false))).toMatchObject({
        ...{ code: 'ca.changed-by-others', message: expect.stringContaining('ACTIVE') },
      });
      await meddled.close();
    });

    it('ca.failed when the new CA lives shorter than asked, which cannot issue by then', async () => {
      const { ca } = await newGroup(aws().address);
      const eternal = { ...newRoot, ttlSeconds: 20 * newRoot.ttlSeconds };
      expect(await refusal(ca, () => source.prepareIssuer(ca, eternal))).toMatchObject({ code: 'ca.failed' });
      const cut = (await source.survey(ca)).issuers.find(({ name }) => name === newRoot.name);
      expect(cut?.usage).toEqual(['crl-signing']);
    });
  });
}

/** The same CA, where somebody else gives `arn` the rank whenever an action that matches was done. */
async function meddling({ address }: TestAws, ca: AwsPcaCa, actions: RegExp, arn: string, rank: string) {
  const proxy = await startInterferingProxy(address, async (_asked, action) => {
    if (actions.test(action)) await tagByOthers(address, arn, { 'windlass-default': rank });
    return 'pass';
  });
  return { ca: { ...ca, endpoint: proxy.address }, close: () => proxy.close() };
}

async function answersWith(status: number, body: object | string) {
  const server = createServer((request, response) => {
    request.resume().once('end', () => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function refusal(ca: AwsPcaCa, ask: () => Promise<unknown>, transient = false) {
  const error = await ask().then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof PortError)) throw new Error(`expected a PortError, got ${inspect(error)}`);
  expect(error.transient, error.message).toBe(transient);
  expect(error.problem.nextStep).toMatch(/\w+/);
  const secret = ca.accessKey?.secret.reveal() ?? '';
  expect(inspect(error, { depth: 10 }) + JSON.stringify(error)).not.toContain(secret);
  return error.problem;
}
