import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documentedPages, runbookCommands, TypedShell } from '#kit';
import { aScheduleBody } from './bodies.js';
import { oneRevokingRoot, ServedFleet } from './served-fleet.js';

const README = 'docs/operations/runbooks/README.md';
const RUNBOOKS = documentedPages('docs/operations/runbooks').filter(({ page }) => page !== README);

let served: ServedFleet;
let shell: TypedShell;

beforeAll(async () => {
  served = await ServedFleet.open(2, {}, oneRevokingRoot);
  const fleetId = await served.record({ contractWhen: 'soaked', revocation: 'crl' });
  const fleetName = (await served.api.call('GET', `/v1/fleets/${fleetId}`)).body.name;
  const kinds = ['rotate', 'drift', 'refresh'];
  const [rotates = ''] = await Promise.all(kinds.map((kind) => scheduled(fleetId, kind)));
  const { id } = (await served.api.call('POST', '/v1/rotations', { body: { fleetId } })).body;
  await served.ended(id);
  shell = TypedShell.open();
  // Who typed what the README of the runbooks says to begin with.
  shell.before = runbookCommands(README, 'Runbooks').flat();
  shell.file('.windlass-key', served.api.adminKey);
  const [host] = served.hosts;
  Object.assign(shell.stands, {
    ...{ 'https://windlass.example': served.api.url, 'FLEET=edge': `FLEET=${fleetName}` },
    ...{ 'FLEET_ID=...': `FLEET_ID=${fleetId}`, 'HOST:443': `${host?.address}:${host?.httpsPort}` },
    ...{ ROTATION: id, SCHEDULE: rotates, CODE: 'host.unreachable', NAME: 'edge.test' },
    '/etc/prometheus/mtls/client.pem': shell.file('client.pem', served.bundles()[0] ?? ''),
  });
});

afterAll(async () => {
  shell?.close();
  await served?.stop();
});

async function scheduled(fleetId: string, kind: string): Promise<string> {
  const { rotateWhenDaysLeft: _, ...when } = aScheduleBody();
  const hours = { rotateWhenHoursLeft: 1 };
  const why = { rotate: hours, drift: {}, refresh: { rotateEachTime: true } }[kind];
  const body = { kind, ...when, ...why };
  const reply = await served.api.call('POST', `/v1/fleets/${fleetId}/schedules`, { body });
  expect(reply.status, reply.text).toBe(201);
  return reply.body.id;
}

describe('the runbook of the alert', () => {
  it.each(RUNBOOKS)('$page has commands that work as they stand there', async ({ sections }) => {
    const commands = sections.flatMap(({ blocks }) => blocks.flat());
    expect(commands.length).toBeGreaterThan(0);
    for (const command of commands) expect((await shell.type(command)).trim(), command).not.toBe('');
  });

  it('is there for every alert, with commands enough to look', () => {
    expect(
      RUNBOOKS.flatMap(({ sections }) => sections.flatMap(({ blocks }) => blocks.flat())).length,
    ).toBeGreaterThan(20);
  });
});
