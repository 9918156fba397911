import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FleetStore } from '#engine';
import type { Installation } from '#installation';
import { explain } from '#rotation';
import { crlsIn, digestOf } from '#trust';
import { callApi } from '../../conformance/ca-source.backends.js';
import { crlOf, PKI, TestInstallation } from '../../fleet/installation.js';
import { Moments, succeeded } from './moments.js';
import { answersTo, clientFrom, liveDigests, surveyOf } from './outside-view.js';

const moments = new Moments();
/** What every CRL of a generation is replaced by, after it was judged; empty: nothing is. */
let staleCrl = '';
let windlass: TestInstallation;

function withStaleCrls(parts: Installation['parts']): Installation['parts'] {
  const addGeneration: FleetStore['addGeneration'] = (fleetId, generation) => {
    const spoilt = crlsIn(generation.content).reduce(
      (text, { pem }) => text.replace(pem, staleCrl || pem),
      generation.content,
    );
    return parts.fleets.addGeneration(fleetId, {
      ...{ ...generation, content: spoilt, digest: digestOf(spoilt) },
    });
  };
  const fleets = new Proxy(parts.fleets, {
    get: (target, name) => {
      if (name === 'addGeneration') return addGeneration;
      const member: unknown = Reflect.get(target, name);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
  return { ...parts, fleets };
}

/** A CRL of Vault's CA that ended a moment ago; those that Vault has then are as they should be. */
async function endedCrl(): Promise<string> {
  const { vault } = windlass;
  const live = async (expiry: string) => {
    await callApi(vault, 'POST', `${PKI.mount}/config/crl`, { expiry });
    await callApi(vault, 'GET', `${PKI.mount}/crl/rotate`);
    return crlOf(vault);
  };
  const ended = await live('1s');
  await live('72h');
  await sleep(1_500);
  return ended;
}

beforeAll(async () => {
  windlass = await TestInstallation.open({
    ...{ hosts: 2, withCrls: true },
    alter: (parts) => moments.watch(withStaleCrls(parts)),
  });
});
afterAll(() => windlass?.stop());

describe('F32: a CRL that ended, forced past preflight', () => {
  it('F32: refuses every client of its CA: caught by the first probe of the canary, and reverted', async () => {
    const { hosts } = windlass.fleet;
    const [before, mount] = [liveDigests(hosts), await surveyOf(windlass.vault)];
    const client = await clientFrom(windlass.vault);
    const seen: string[][] = [];
    staleCrl = await endedCrl();
    const struck = moments.once(succeeded(/^expand\.1\/host\.commit\//), async () => {
      hosts[0]?.exec('nginx -t');
      seen.push(await answersTo(client, hosts));
    });
    const state = await windlass.until(await windlass.rotate(), 'reverted');
    await struck;
    expect(seen).toEqual([['400', '200']]);
    expect(state.decisions.has('go/expand.1/1')).toBe(false);
    expect(explain(state)).toMatch(/must have accepted a client of the old CA, and refused it/);
    expect([liveDigests(hosts), await surveyOf(windlass.vault)]).toEqual([before, mount]);
    expect(await answersTo(client, hosts)).toEqual(['200', '200']);
  });
});
