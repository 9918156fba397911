import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bootstrapPki } from '#ca-source';
import {
  bootFleet,
  freePort,
  type OtlpReceiver,
  type ReceivedSpan,
  startOtlpReceiver,
  startTestPostgres,
  startVault,
  type TestFleet,
  type TestPostgres,
  type TestVault,
} from '#kit';
import { composeGeneration } from '#trust';
import { Program } from './program.js';
import { SecretSearch } from './secret-search.js';
import { hostBody } from './served-fleet.js';

const LONGEST_MS = 120_000;
const TRACE = randomBytes(16).toString('hex');
const CALLER = randomBytes(8).toString('hex');
const PKI = { mount: 'pki', role: 'clients', commonName: 'Traced client CA', ttlSeconds: 30 * 86_400 };

describe('traces of real programs', () => {
  const adminKey = `wl_${randomBytes(24).toString('base64url')}`;
  const masterKey = randomBytes(32).toString('base64');
  let folder: string;
  let postgres: TestPostgres;
  let vault: TestVault;
  let fleet: TestFleet;
  let receiver: OtlpReceiver;
  let programs: readonly Program[] = [];
  let url = '';
  let rotationId = '';
  let traceparentInJournal = '';

  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects, and fails where that is not there.
  const call = async (method: string, route: string, body?: object, headers = {}): Promise<any> => {
    const reply = await fetch(`${url}${route}`, {
      method,
      headers: { Authorization: `Bearer ${adminKey}`, 'Content-Type': 'application/json', ...headers },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return reply.json();
  };

  const ended = async (id: string) => {
    for (const deadline = Date.now() + LONGEST_MS; ; await sleep(100)) {
      const rotation = await call('GET', `/v1/rotations/${id}`);
      if (rotation.endedAt !== null) return rotation;
      if (Date.now() > deadline) throw new Error(rotation.explanation);
    }
  };

  const bundle = async () => {
    const root = await bootstrapPki(vault.address, vault.token, PKI);
    return composeGeneration({ anchorsPem: [root.certificatePem], crlsPem: [], markerPem: null }).content;
  };

  const record = async (bundlePem: string) => {
    const { mount, role } = PKI;
    const issuingCa = { address: vault.address, mount, role, token: vault.token.reveal() };
    const times = { soakSeconds: 0, caTtlSeconds: 86_400 };
    const { id } = await call('POST', '/v1/fleets', { name: 'traced', bundlePem, issuingCa, ...times });
    await call('POST', `/v1/fleets/${id}/hosts`, { hosts: fleet.hosts.map(hostBody) });
    return id;
  };

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'windlass-traces-'));
    [receiver, postgres, vault] = await Promise.all([startOtlpReceiver(), startTestPostgres(), startVault()]);
    const bundlePem = await bundle();
    fleet = await bootFleet({ hosts: 2, bundlePem });
    const PORT = String(await freePort());
    url = `http://127.0.0.1:${PORT}`;
    const env = {
      ...{ PORT, WINDLASS_DATA_DIR: folder, WINDLASS_MASTER_KEY: masterKey, WINDLASS_ADMIN_KEY: adminKey },
      ...{ DATABASE_URL: postgres.url, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
    };
    const api = new Program('api', env);
    programs = [api];
    await api.says(/the API is ready/);
    const worker = new Program('worker', env);
    programs = [api, worker];
    await worker.says(/the worker is ready/);
    const asked = { fleetId: await record(bundlePem), reason: 'to be followed' };
    const traceparent = `00-${TRACE}-${CALLER}-01`;
    ({ id: rotationId } = await call('POST', '/v1/rotations', asked, { traceparent }));
    expect(await ended(rotationId)).toMatchObject({ status: 'succeeded' });
    const { snapshot } = await call('GET', `/v1/rotations/${rotationId}/evidence`);
    traceparentInJournal = snapshot.traceparent;
    // What is left goes out when they end.
    expect(await Promise.all(programs.map((program) => program.end('SIGTERM')))).toEqual([0, 0]);
  }, 300_000);

  afterAll(async () => {
    await Promise.all(programs.map((program) => program.end('SIGKILL')));
    await fleet?.stop();
    await vault?.stop();
    await postgres?.close();
    await receiver?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const inTrace = () => receiver.spans.filter(({ traceId }) => traceId === TRACE);
  const parentOf = ({ parentSpanId }: ReceivedSpan) =>
    inTrace().find(({ spanId }) => spanId === parentSpanId);
  /** Names from the span up to the request. */
  const upwards = (span: ReceivedSpan): readonly string[] => {
    const parent = parentOf(span);
    return [span.name, ...(parent ? upwards(parent) : [])];
  };
  const pathsOf = (name: string) =>
    inTrace()
      .filter((span) => span.name === name)
      .map((span) => upwards(span).join(' < '));

  it('begin where the caller is, with the request as its server span', () => {
    const [request, ...more] = inTrace().filter(({ name }) => name === 'POST /v1/rotations');
    expect(more).toEqual([]);
    expect(request).toMatchObject({ service: 'windlass-api', parentSpanId: CALLER, kind: 2, status: 0 });
    expect(request?.attributes).toMatchObject({ 'http.response.status_code': 202 });
  });

  it('lead from the request through the queue to each effect, host and probe', () => {
    const turn = 'rotation.drive < wake rotation < POST /v1/rotations';
    const batch = `rotation.drive < wake batch < ${turn}`;
    expect(pathsOf('ca-source.survey')).toContain(`ca-source.survey < ca.survey < ${turn}`);
    expect(pathsOf('ssh.commit')).toContain(`ssh.commit < host.commit < ${batch}`);
    expect(pathsOf('probe.ask')).toContain(`probe.ask < host.prove < ${batch}`);
  });

  it('have every span of the rotation in one trace, none without a parent', () => {
    const ofRotation = receiver.spans.filter(
      ({ attributes }) => attributes['windlass.rotation.id'] === rotationId,
    );
    expect(new Set(ofRotation.map(({ traceId }) => traceId))).toEqual(new Set([TRACE]));
    expect(new Set(ofRotation.map(({ service }) => service))).toEqual(new Set(['windlass-worker']));
    const paths = inTrace().map((span) => upwards(span).at(-1));
    expect(new Set(paths)).toEqual(new Set(['POST /v1/rotations']));
  });

  it('name each host that was switched', () => {
    const commits = inTrace().filter(({ name }) => name === 'host.commit');
    const hosts = new Set(commits.map(({ attributes }) => attributes['windlass.host.name']));
    expect(hosts).toEqual(new Set(fleet.hosts.map(({ name }) => name)));
  });

  it('are found from the journal, and from the log of API and worker', () => {
    expect(traceparentInJournal).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`));
    const [api, worker] = programs.map(({ output }) => lines(output));
    expect(api).toContainEqual(
      expect.objectContaining({ route: '/v1/rotations', method: 'POST', traceId: TRACE }),
    );
    expect(worker).toContainEqual(expect.objectContaining({ msg: 'the worker is ready' }));
  });

  it('have no secret and no certificate', () => {
    const sent = receiver.bodies.join('\n');
    const secrets = new SecretSearch({
      ...{ adminKey, masterKey, vaultToken: vault.token.reveal() },
      sshKey: fleet.hosts[0]?.privateKey ?? '',
    });
    expect(secrets.foundIn(sent)).toEqual([]);
    expect(sent).not.toContain('BEGIN');
    expect(sent).toContain(rotationId);
  });
});

function lines(output: string): readonly object[] {
  return output.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as object] : []));
}

describe('the API and its traces', () => {
  const adminKey = `wl_${randomBytes(24).toString('base64url')}`;
  const wrong = { headers: { traceparent: `00-${TRACE}-${CALLER}-01`, Authorization: 'Bearer wrong' } };

  const run = async (env: Record<string, string>, work: (api: Program, url: string) => Promise<void>) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'windlass-traces-'));
    const postgres = await startTestPostgres();
    const PORT = String(await freePort());
    const keys = { WINDLASS_GENERATE_MASTER_KEY: '1', WINDLASS_ADMIN_KEY: adminKey };
    const api = new Program('api', {
      ...{ PORT, WINDLASS_DATA_DIR: folder, DATABASE_URL: postgres.url, ...keys },
      ...env,
    });
    try {
      await api.says(/the API is ready/);
      await work(api, `http://127.0.0.1:${PORT}`);
    } finally {
      await api.end('SIGTERM');
      await postgres.close();
      rmSync(folder, { recursive: true, force: true });
    }
  };

  it('are not there unless a receiver is named', async () => {
    await run({}, async (api, url) => {
      const problem = await (await fetch(`${url}/v1/fleets`, wrong)).json();
      expect(problem).toMatchObject({ status: 401, requestId: expect.any(String) });
      expect(problem).not.toHaveProperty('traceId');
      expect(api.output).not.toContain(TRACE);
    });
  });

  it('go on without a receiver that answers, put the trace into problems, and say what is lost', async () => {
    const nobody = {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
      OTEL_BSP_SCHEDULE_DELAY: '50',
    };
    await run(nobody, async (api, url) => {
      const problem = await (await fetch(`${url}/v1/fleets`, wrong)).json();
      expect(problem).toMatchObject({ status: 401, traceId: TRACE });
      await api.says(/traces could not be sent, and are dropped/);
      const again = await fetch(`${url}/v1/fleets`, { headers: { Authorization: `Bearer ${adminKey}` } });
      expect(again.status).toBe(200);
    });
  });
});
