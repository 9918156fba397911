import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repositoryRoot } from '#kit';
import { aScheduleBody } from './bodies.js';
import { oneRevokingRoot, ServedFleet } from './served-fleet.js';

const FOLDER = join(repositoryRoot(), 'docs/operations/runbooks');
const MAIN = join(repositoryRoot(), 'dist/apps/cli/src/main.js');
const RUNBOOKS = readdirSync(FOLDER).filter((name) => name !== 'README.md');
const run = promisify(execFile);

/** What a machine of tests does not have. Whatever else a runbook says is typed as it stands there. */
const NOT_HERE = [
  ['journalctl', 'the worker of a test is no unit of systemd'],
  ['http://127.0.0.1:9115/', 'a blackbox exporter with this module: expiring-ca.test.ts runs one'],
  ['/etc/prometheus/', 'files of a Prometheus that is installed'],
  ['HOST:443', 'hosts of tests listen on 8443'],
] as const;

let served: ServedFleet;
let folder: string;
let words: Readonly<Record<string, string>>;
let fleetName: string;

beforeAll(async () => {
  served = await ServedFleet.open(2, {}, oneRevokingRoot);
  folder = mkdtempSync(join(tmpdir(), 'windlass-runbooks-'));
  const fleetId = await served.record({ contractWhen: 'soaked', revocation: 'crl' });
  fleetName = (await served.api.call('GET', `/v1/fleets/${fleetId}`)).body.name;
  const kinds = ['rotate', 'drift', 'refresh'];
  const [rotates = ''] = await Promise.all(kinds.map((kind) => scheduled(fleetId, kind)));
  const { id } = (await served.api.call('POST', '/v1/rotations', { body: { fleetId } })).body;
  await served.ended(id);
  words = { ROTATION: id, SCHEDULE: rotates, CODE: 'host.unreachable', FLEET_ID: fleetId };
  writeFileSync(join(folder, 'key'), served.api.adminKey, { mode: 0o600 });
  const shim = join(folder, 'windlass');
  writeFileSync(shim, `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`);
  chmodSync(shim, 0o755);
});

afterAll(async () => {
  await served?.stop();
  if (folder) rmSync(folder, { recursive: true });
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

const blocksOf = (name: string) =>
  [...readFileSync(join(FOLDER, name), 'utf8').matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(
    ([, block = '']) => block,
  );
const linesOf = (name: string) =>
  blocksOf(name)
    .flatMap((block) => block.split('\n'))
    .filter((line) => line.trim() !== '');
const isHere = (line: string) => !NOT_HERE.some(([part]) => line.includes(part));

/** As somebody types it who has read the README of the runbooks first. */
async function typed(line: string): Promise<string> {
  const api = linesOf('README.md').find((one) => one.startsWith('api()')) ?? '';
  const filled = line.replaceAll(/(?<![$\w])(ROTATION|SCHEDULE|CODE)\b/g, (word) => words[word] ?? word);
  const { stdout } = await run('bash', ['-c', `set -o pipefail\n${api}\n${filled}`], {
    env: {
      ...{ PATH: `${folder}:${process.env.PATH}`, HOME: folder, WINDLASS_SERVER: served.api.url },
      ...{ WINDLASS_API_KEY_FILE: join(folder, 'key'), FLEET: fleetName, FLEET_ID: words.FLEET_ID ?? '' },
    },
  });
  return stdout;
}

describe('the runbook of the alert', () => {
  it.each(RUNBOOKS)('%s has commands that work as they stand there', async (name) => {
    const lines = linesOf(name);
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines.filter(isHere)) {
      expect((await typed(line)).trim(), line).not.toBe('');
    }
  });

  it('is left out line by line alone, each for a reason that still holds', () => {
    const all = RUNBOOKS.flatMap(linesOf);
    for (const [part] of NOT_HERE)
      expect(
        all.some((line) => line.includes(part)),
        part,
      ).toBe(true);
    expect(all.filter(isHere).length).toBeGreaterThan(20);
  });
});
