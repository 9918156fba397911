import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { TestInstallation } from '../../fleet/installation.js';
import { intended, Moments } from './moments.js';
import { answersTo, clientFrom, surveyOf } from './outside-view.js';
import { VaultWay } from './vault-way.js';

const moments = new Moments();
let windlass: TestInstallation;
let way: VaultWay;

beforeAll(async () => {
  windlass = await TestInstallation.open({
    ...{ hosts: 1, alter: moments.watch },
    wayToVault: async (address) => {
      way = await VaultWay.open(address);
      return way.address;
    },
  });
});

afterAll(async () => {
  await windlass?.stop();
  await way?.stop();
});

afterEach(() => {
  moments.forget();
  way.mend();
});

it.each([
  ['create', /^ca\.prepare$/, /^POST .*\/root\/rotate\/internal$/],
  ['restrict the new one', /^ca\.prepare$/, /^PATCH .*\/issuer\/[^/]+$/],
  ['sign the first leaf', /^activate\.1\/ca\.new-leaf$/, /^POST .*\/issue\/clients$/],
  ['switch', /^activate\.1\/ca\.switch-default$/, /^POST .*\/config\/issuers$/],
  ['restrict the old one', /^activate\.1\/ca\.restrict-old$/, /^PATCH .*\/issuer\/[^/]+$/],
])('F44: the reply to %s is lost: no second issuer, and the rotation ends', async (_, step, question) => {
  const before = await surveyOf(windlass.vault);
  const old = await clientFrom(windlass.vault);
  let lost: Promise<void> | null = null;
  const waylaid = moments.once(intended(step), () => {
    lost = way.loseNextReply(question);
  });
  const state = await windlass.until(await windlass.rotate(), 'succeeded');
  await waylaid;
  await lost;
  const after = await surveyOf(windlass.vault);
  const known = before.issuers.map(({ id }) => id);
  const made = after.issuers.filter(({ id }) => !known.includes(id));
  expect(made.map(({ name, id }) => [name, id])).toEqual([
    [`windlass-${state.snapshot.rotationId}`, after.defaultIssuerId],
  ]);
  // The old one is retired, and what the host serves followed.
  const mayIssue = after.issuers.filter(({ usage }) => usage.includes('issuing-certificates'));
  expect(mayIssue.map(({ id }) => id)).toEqual([after.defaultIssuerId]);
  const answers = [await answersTo(old, windlass.fleet.hosts)];
  answers.push(await answersTo(await clientFrom(windlass.vault), windlass.fleet.hosts));
  expect(answers).toEqual([['400'], ['200']]);
});
