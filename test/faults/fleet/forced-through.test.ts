import { X509Certificate } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { FleetStore } from '#engine';
import type { Installation } from '#installation';
import { makeCa, type TestHost } from '#kit';
import { explain } from '#rotation';
import { digestOf } from '#trust';
import { TestInstallation } from '../../fleet/installation.js';
import { decided, Moments, succeeded } from './moments.js';
import { addToServer, HIDDEN_REFUSALS } from './nginx-edit.js';
import { answersTo, clientFrom, liveDigests, servedBy, surveyOf } from './outside-view.js';

const moments = new Moments();
let spoil: (content: string) => string = (content) => content;
let windlass: TestInstallation;

/** What preflight never lets pass: generations that are spoilt after they were judged. */
function withSpoiltGenerations(parts: Installation['parts']): Installation['parts'] {
  const addGeneration: FleetStore['addGeneration'] = (fleetId, generation) => {
    const content = spoil(generation.content);
    return parts.fleets.addGeneration(fleetId, { ...generation, content, digest: digestOf(content) });
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

beforeAll(async () => {
  windlass = await TestInstallation.open({
    hosts: 2,
    alter: (parts) => moments.watch(withSpoiltGenerations(parts)),
  });
});

afterAll(() => windlass?.stop());
afterEach(() => {
  moments.forget();
  spoil = (content) => content;
});

const hosts = () => windlass.fleet.hosts;

async function world() {
  return {
    digests: liveDigests(hosts()),
    served: await servedBy(hosts()),
    vault: await surveyOf(windlass.vault),
  };
}

/** The last letter of the public key of a CA that is in the bundle, changed: readable still, and another key. */
function flipped(content: string): string {
  const [first = ''] = content.match(/-----BEGIN[^-]+-----\n[^-]+-----END[^-]+-----/) ?? [];
  const certificate = new X509Certificate(first);
  const key = certificate.publicKey.export({ type: 'spki', format: 'der' });
  const der = Buffer.from(certificate.raw);
  const last = der.indexOf(key) + key.length - 1;
  der[last] = (der[last] ?? 0) ^ 1;
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  const spoilt = `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----`;
  return content.replace(first, spoilt);
}

async function rootless(): Promise<(content: string) => string> {
  const root = await makeCa({ commonName: 'A root that nobody has' });
  const { certificatePem } = await root.issueIntermediate({ commonName: 'Rootless CA' });
  return (content) => content.replace(/-----BEGIN[^-]+-----\n[^-]+-----END[^-]+-----/, certificatePem.trim());
}

describe('F32: a bundle that passes nginx -t and refuses clients, forced past preflight', () => {
  it.each([
    ['one flipped bit', async () => flipped],
    ['a root replaced by an intermediate', rootless],
  ])('F32: %s: caught by the first probe of the canary, and reverted', async (_, makeSpoil) => {
    const before = await world();
    const client = await clientFrom(windlass.vault);
    const seen: string[][] = [];
    spoil = await makeSpoil();
    const struck = moments.once(succeeded(/^expand\.1\/host\.commit\//), async () => {
      hosts()[0]?.exec('nginx -t');
      seen.push(await answersTo(client, hosts()));
    });
    const state = await windlass.until(await windlass.rotate(), 'reverted');
    await struck;
    // It really was live, and refused: only the canary ever served it.
    expect(seen).toEqual([['400', '200']]);
    expect(state.decisions.has('go/expand.1/1')).toBe(false);
    expect(explain(state)).toMatch(/must have accepted a client of the old CA, and refused it/);
    expect(await world()).toEqual(before);
    expect(await answersTo(client, hosts())).toEqual(['200', '200']);
  });
});

describe('F33: an edit hides every refusal, and our reload activates it', () => {
  it('F33: answers of 200 prove nothing: reverted, and blocked until a refusal can be seen', async () => {
    const before = await world();
    const [canary] = hosts() as [TestHost, TestHost];
    let takeBack = () => {};
    const struck = moments.once(decided('go', 'expand'), () => {
      takeBack = addToServer(canary, HIDDEN_REFUSALS);
    });
    const id = await windlass.rotate();
    await struck;
    const blocked = await windlass.until(id, 'blocked');
    expect(await answersTo(null, [canary])).toEqual(['200']);
    expect(explain(blocked)).toMatch(/Blocked on host-1 .*does not refuse a client of an unknown CA/);
    expect([...blocked.decisions.keys()]).toEqual(['go/expand.1/0', 'outcome/expand.1']);
    expect(liveDigests(hosts())).toEqual(before.digests);
    takeBack();
    canary.exec('nginx -s reload');
    await windlass.until(id, 'reverted');
    expect(await world()).toEqual(before);
  });
});
