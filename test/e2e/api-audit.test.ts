import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AuditEntry, ChainCheck, readExportLine } from '#audit-chain';
import { verifyAudit } from '#persistence';
import { aFleetBody } from './bodies.js';
import { PlayedWorker } from './played-worker.js';
import { recordFleet, requestRotation } from './recording.js';
import { type RunningApi, runApi, type Sent } from './running-api.js';

let api: RunningApi;
let operator: { readonly id: string; readonly key: string };
let viewer: string;

beforeAll(async () => {
  api = await runApi();
  const make = async (role: string) =>
    (await api.call('POST', '/v1/api-keys', { body: { role, label: `a ${role}` } })).body;
  operator = await make('operator');
  viewer = (await make('viewer')).key;
});

afterAll(() => api?.stop());

type Method = Parameters<RunningApi['call']>[0];

const entries = async (query = ''): Promise<AuditEntry[]> =>
  (await api.call('GET', `/v1/audit?limit=200${query}`)).body.items;

/** Sends a request, and returns what the log has of it, oldest first. */
async function audited(method: Method, path: string, sent: Sent = {}) {
  const requestId = randomUUID();
  const headers = { 'X-Request-Id': requestId, ...sent.headers };
  const reply = await api.call(method, path, { key: operator.key, ...sent, headers });
  const found = (await entries()).filter((entry) => entry.requestId === requestId);
  return { reply, found: found.reverse() };
}

const by = () => ({
  ...{ actor: `api-key:${operator.id}`, actorLabel: 'a operator', actorRole: 'operator' },
  address: '127.0.0.1',
});

describe('a request that changes something', () => {
  it('is in the log before and after, with who, what, why, from where and what came of it', async () => {
    const fleetId = await recordFleet(api);
    const body = { fleetId, reason: 'the quarter ends' };
    const { reply, found } = await audited('POST', '/v1/rotations', { body });
    expect(reply.status, reply.text).toBe(202);
    const common = { ...by(), operation: 'startRotation', reason: 'the quarter ends' };
    expect(found).toMatchObject([
      { ...common, stage: 'intent', outcome: null, subjects: [`fleet:${fleetId}`] },
      { ...common, stage: 'outcome', outcome: 'succeeded' },
    ]);
    expect(found[0]?.details).toEqual({ fields: ['fleetId', 'reason'] });
    expect(found[1]?.details).toEqual({ intent: found[0]?.number });
    expect(found[1]?.subjects).toEqual([`fleet:${fleetId}`, `rotation:${reply.body.id}`]);
  });

  it('is in the log each time that it is sent, and said to have done nothing when its reply was repeated', async () => {
    const body = { fleetId: await recordFleet(api) };
    const sent = { body, headers: { 'Idempotency-Key': randomUUID() } };
    const first = await audited('POST', '/v1/rotations', sent);
    const again = await audited('POST', '/v1/rotations', sent);
    expect(again.reply.text).toBe(first.reply.text);
    const [intent, outcome] = again.found;
    expect(intent).toMatchObject({ ...by(), stage: 'intent', operation: 'startRotation' });
    expect(outcome).toMatchObject({ ...by(), outcome: 'succeeded', subjects: first.found[1]?.subjects });
    expect(first.found[1]?.details).not.toHaveProperty('replayed');
    expect(outcome?.details).toEqual({ intent: intent?.number, replayed: true });
  });

  it('names webhooks and deliveries', async () => {
    const [webhook, delivery] = [randomUUID(), randomUUID()];
    const path = `/v1/webhooks/${webhook}/deliveries/${delivery}:redeliver`;
    const { found } = await audited('POST', path, { key: api.adminKey });
    const operation = 'redeliverWebhookDelivery';
    const subjects = [`webhook:${webhook}`, `delivery:${delivery}`];
    expect(found).toMatchObject([
      { operation, subjects, outcome: null },
      { operation, subjects, outcome: 'refused' },
    ]);
  });

  it('names what it was done to, the verb of a path aside', async () => {
    const rotation = await requestRotation(api, await recordFleet(api));
    const body = { reason: 'lunch' };
    const sent = { body, headers: { 'If-Match': '*' } };
    const { found } = await audited('POST', `/v1/rotations/${rotation}:pause`, sent);
    expect(found).toMatchObject([
      { operation: 'pauseRotation', subjects: [`rotation:${rotation}`], reason: 'lunch' },
      { outcome: 'succeeded', subjects: [`rotation:${rotation}`] },
    ]);
  });

  it('keeps nothing of a body but the names of fields that are known', async () => {
    const secret = `planted-${randomUUID()}`;
    const fleet = await aFleetBody();
    const body = { ...fleet, [secret]: secret, name: `${secret}!`, reason: { secret } };
    const { reply, found } = await audited('POST', `/v1/fleets?x=${secret}`, { body });
    expect(reply.status).toBe(400);
    expect(found).toHaveLength(2);
    expect(JSON.stringify(await entries())).not.toContain(secret);
    expect(found[0]?.details).toEqual({ fields: Object.keys(fleet).sort() });
  });
});

describe('a request that is refused', () => {
  it.each<[string, Method, string, Sent, object]>([
    [
      'for its role',
      'POST',
      '/v1/api-keys',
      { body: { role: 'admin', label: 'me' } },
      { code: 'request.forbidden', status: 403 },
    ],
    ['for its JSON', 'POST', '/v1/fleets', { body: '{' }, { code: 'request.malformed-json', status: 400 }],
    ['for its shape', 'POST', '/v1/fleets', { body: {} }, { code: 'request.invalid', status: 400 }],
    [
      'because there is no such thing',
      'DELETE',
      `/v1/fleets/${randomUUID()}/hosts/${randomUUID()}`,
      {},
      { code: 'host.not-found', status: 404 },
    ],
  ])('%s is in the log', async (_, method, path, sent, refusal) => {
    const { reply, found } = await audited(method, path, sent);
    expect(reply.body).toMatchObject(refusal);
    expect(found.at(-1)).toMatchObject({ ...by(), stage: 'outcome', outcome: 'refused', details: refusal });
  });

  it('for a state that was overtaken, or that does not allow it, is in the log', async () => {
    const rotation = await requestRotation(api, await recordFleet(api));
    const path = `/v1/rotations/${rotation}:resume`;
    const stale = await audited('POST', path, { headers: { 'If-Match': '"77"' } });
    expect(stale.found.at(-1)).toMatchObject({ outcome: 'refused', details: { status: 412 } });
    const early = await audited('POST', path, { headers: { 'If-Match': '*' } });
    expect(early.found.at(-1)?.details).toMatchObject({ status: 409, code: 'rotation.not-paused' });
  });

  it('is not in the log where nobody knows who sent it, or where it only reads', async () => {
    expect((await audited('POST', '/v1/fleets', { key: null, body: {} })).found).toEqual([]);
    expect((await audited('GET', '/v1/fleets')).found).toEqual([]);
  });
});

describe('what Windlass does by itself', () => {
  it('is in the log: the admin key of the start, and the end of a rotation with the digest of its journal', async () => {
    expect(await entries('&operation=api-key.given')).toMatchObject([
      { actor: 'windlass', stage: 'event', subjects: [expect.stringMatching(/^api-key:/)] },
    ]);
    const fleetId = await recordFleet(api, 1, { soakSeconds: 0, contractWhen: 'soaked' });
    const rotation = await requestRotation(api, fleetId);
    const { sequence } = await new PlayedWorker(api.installation, rotation).play(() => false);
    expect(await entries(`&operation=rotation.ended&subject=rotation:${rotation}`)).toMatchObject([
      { actor: 'windlass', details: { journalEntries: sequence, status: 'succeeded' } },
    ]);
  });
});

describe('the evidence of a rotation', () => {
  it('is the same bytes each time, and bound to the chain by the digest of the journal', async () => {
    const fleetId = await recordFleet(api, 1, { soakSeconds: 0, contractWhen: 'soaked' });
    const rotation = await requestRotation(api, fleetId, 'the old CA is too old');
    const path = `/v1/rotations/${rotation}/evidence`;
    const before = (await api.call('GET', path)).body;
    expect(before).toMatchObject({ ended: null, audit: null, journal: { entries: 1 } });
    await new PlayedWorker(api.installation, rotation).play(() => false);
    const reply = await api.call('GET', path, { key: viewer });
    expect(reply.headers['content-type']).toBe('application/json; charset=utf-8');
    const { snapshot, ended, hosts, decisions, journal, audit, phases } = reply.body;
    expect(snapshot).toMatchObject({ reason: 'the old CA is too old', rotationId: rotation });
    expect(ended.status).toBe('succeeded');
    expect(hosts).toHaveLength(1);
    expect(decisions.map(({ decision }: { decision: { kind: string } }) => decision.kind)).toContain(
      'contract',
    );
    expect(phases.map(({ phase }: { phase: string }) => phase)).toEqual([
      'preflight',
      'stage',
      'expand',
      'activate',
      'soak',
      'contract',
      'done',
    ]);
    expect(audit.details).toMatchObject({ journalEntries: journal.entries, journalDigest: journal.digest });
    const [anchor] = await entries(`&operation=rotation.ended&subject=rotation:${rotation}`);
    expect(audit).toEqual(anchor);
    expect((await api.call('GET', path)).text).toBe(reply.text);
  });

  it('is of a rotation that there is', async () => {
    const reply = await api.call('GET', `/v1/rotations/${randomUUID()}/evidence`);
    expect(reply.body).toMatchObject({ status: 404, code: 'rotation.not-found' });
  });
});

describe('while the log cannot be written', () => {
  it('nothing is changed, and reads are answered', async () => {
    const other = new pg.Client(api.databaseUrl);
    await other.connect();
    await other.query('ALTER TABLE audit_entries RENAME TO away');
    const { status } = await api.call('POST', '/v1/fleets', {
      body: await aFleetBody({ name: 'unrecorded' }),
    });
    const fleets = await api.call('GET', '/v1/fleets?limit=200');
    await other.query('ALTER TABLE away RENAME TO audit_entries');
    await other.end();
    expect(status).toBe(500);
    expect(fleets.status).toBe(200);
    expect(fleets.text).not.toContain('unrecorded');
  });
});

describe('the audit log over HTTP', () => {
  it.each(['/v1/audit', '/v1/audit/head', '/v1/audit/export'])(
    '%s is for approvers and admins',
    async (path) => {
      expect((await api.call('GET', path, { key: viewer })).status).toBe(403);
      expect((await api.call('GET', path, { key: operator.key })).status).toBe(403);
      expect((await api.call('GET', path, { key: null })).status).toBe(401);
      expect((await api.call('GET', path)).status).toBe(200);
    },
  );

  it('comes in pages without gaps', async () => {
    const numbers: number[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { body } = await api.call('GET', `/v1/audit?limit=7${cursor && `&cursor=${cursor}`}`);
      numbers.push(...body.items.map(({ number }: AuditEntry) => number));
      cursor = body.nextCursor;
    }
    expect(numbers).toEqual(numbers.map((_, place) => numbers.length - place));
  });

  it('is filtered by time, and refuses what is none', async () => {
    const [newest] = await entries();
    expect(await entries(`&until=${newest?.at}&from=${newest?.at}`)).toEqual([]);
    const reply = await api.call('GET', '/v1/audit?from=yesterday');
    expect(reply.body).toMatchObject({ status: 400, errors: [{ parameter: 'from' }] });
  });

  it('is exported as it is, so that anybody can verify it', async () => {
    const reply = await api.call('GET', '/v1/audit/export');
    expect(reply.headers['content-type']).toBe('application/jsonl');
    const check = new ChainCheck();
    for (const text of reply.text.trimEnd().split('\n')) check.take(readExportLine(text));
    const head = (await api.call('GET', '/v1/audit/head')).body;
    expect(check.end(null)).toEqual({ head, fault: null });
    expect(await verifyAudit(api.installation.dataSource, head)).toMatchObject({ fault: null });
  });
});
