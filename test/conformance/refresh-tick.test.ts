import { beforeAll, describe, expect, it } from 'vitest';
import { PortError, type RotationRequest } from '#engine';
import { makeCa, revocationList, type TestCa, type TestCertificate } from '#kit';
import type { DueRule } from '#schedule';
import { composeGeneration } from '#trust';
import { refreshTick } from '../../libs/engine/src/schedules/refresh-tick.js';
import type { Tick } from '../../libs/engine/src/schedules/tick.js';

const NOW = Date.UTC(2026, 10, 29, 4, 20);
const HOUR = 3_600_000;
const HALF: DueRule = { kind: 'lifetime', percent: 50 };
const EACH_TIME: DueRule = { kind: 'each-time' };

let ca: TestCa;
let client: TestCertificate;
beforeAll(async () => {
  ca = await makeCa({ commonName: 'the CA', notBefore: NOW - 99 * HOUR, notAfter: NOW + 999 * HOUR });
  client = await ca.issueClient({ commonName: 'client' });
});

const listOf = (from: number, to: number, revoked: readonly TestCertificate[] = []) =>
  revocationList(ca, { thisUpdate: NOW + from * HOUR, nextUpdate: NOW + to * HOUR, revoked });

interface Situation {
  /** The CRL that hosts have, and the one that the CA gives; null: it does not answer. */
  readonly served: string;
  readonly given: string | null;
  /** The CA knows the issuer, has no key of it, and gives no CRL. */
  readonly keyless?: boolean;
  readonly windows?: Tick['schedule']['windows'];
}

async function tick({ served, given, keyless = false, windows = [] }: Situation, rule: DueRule) {
  const started: Pick<RotationRequest, 'strategy' | 'together'>[] = [];
  let asked = 0;
  const anchorsPem = [ca.certificatePem];
  const generation = composeGeneration({ anchorsPem, crlsPem: [served], markerPem: null });
  const survey = async () => {
    asked += 1;
    if (given === null) {
      throw new PortError({ code: 'ca.unreachable', message: 'Vault is away.', nextStep: 'Start it.' });
    }
    return { issuers: [{ id: 'i', certificatePem: ca.certificatePem }] };
  };
  const crl = async () => {
    if (!keyless) return given;
    const message = 'unable to find CRL for issuer';
    throw new PortError({ code: 'ca.failed', message, nextStep: 'Hand it in.' });
  };
  const fleet = { id: 'f', issuingCa: {}, crlsPem: '', generation };
  const what = {
    ...{ at: NOW, now: NOW },
    schedule: { id: 's', fleetId: 'f', cron: '0 4 * * *', timeZone: 'UTC', jitterSeconds: 0, windows },
    ports: {
      fleets: { fleet: async () => fleet },
      schedules: { rotationOn: async () => null },
      ca: { survey, crl },
    },
    commands: {
      start: async ({ strategy, together }: RotationRequest) => {
        started.push({ strategy, together });
        return 'r';
      },
    },
  };
  return { ...(await refreshTick(what as unknown as Tick, rule)), started, asked };
}

describe('a schedule that refreshes', () => {
  it('asks nobody before the CRL that ends first is due', async () => {
    const { outcome, started, asked } = await tick({ served: await listOf(-1, 9), given: null }, HALF);
    expect([outcome, started, asked]).toEqual(['not due before 2026-11-29T08:20:00Z', [], 0]);
  });

  it('brings a CRL that ends later, once half of the life of the first is over', async () => {
    const situation = { served: await listOf(-6, 4), given: await listOf(0, 9) };
    const { outcome, started, end } = await tick(situation, HALF);
    expect(started).toEqual([{ strategy: 'refresh', together: undefined }]);
    expect(end).toBe('done');
    expect(outcome).toBe(
      'rotation r started: the first CRL of the fleet ends at 2026-11-29T08:20:00.000Z; due when 50 % of the lifetime of the first CRL to end is over',
    );
  });

  it('starts nothing that would be refused, and comes again where a CRL runs out', async () => {
    const served = await listOf(-6, 4);
    const idle = await tick({ served, given: served }, HALF);
    expect([idle.started, idle.end]).toEqual([[], 'again']);
    expect(idle.outcome).toMatch(/^nothing to do/);
    const away = await tick({ served, given: null }, HALF);
    expect([away.started, away.end]).toEqual([[], 'again']);
    expect(away.outcome).toBe('no CRL to bring: Vault is away. Start it.');
  });

  it('has nothing to do where people handed in the CRL of an issuer that gives none', async () => {
    const served = await listOf(-1, 9);
    const refusing = { served, given: served, keyless: true };
    expect((await tick(refusing, EACH_TIME)).outcome).toMatch(/^nothing to do/);
    const due = await tick({ ...refusing, served: await listOf(-6, 4) }, HALF);
    expect(due.outcome).toBe('no CRL to bring: unable to find CRL for issuer Hand it in.');
  });

  it('looks each time whether somebody was revoked', async () => {
    const served = await listOf(-1, 9);
    const idle = await tick({ served, given: await listOf(0, 10) }, EACH_TIME);
    expect([idle.started, idle.end]).toEqual([[], 'done']);
    const revoking = { served, given: await listOf(0, 10, [client]) };
    expect((await tick(revoking, EACH_TIME)).started).toHaveLength(1);
    const windows = [{ days: ['mon'] as const, from: '01:00', to: '02:00' }];
    const closed = await tick({ ...revoking, windows }, HALF);
    expect(closed.started).toEqual([]);
  });
});
