import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { X509Mint } from '#certificates';
import { makeCa, type TestCa } from '#kit';
import { composeGeneration, markerName } from '#trust';
import { type Bundle, OneHost } from '../../fleet/one-host.js';
import { addToServer, reload } from './nginx-edit.js';
import { type TlsVersion, visit } from './resumption.js';

const SESSIONS: readonly (readonly [string, string])[] = [
  ['a shared cache without tickets', 'ssl_session_cache shared:sessions:1m; ssl_session_tickets off;'],
  ['a shared cache and tickets', 'ssl_session_cache shared:sessions:1m;'],
  ['tickets with a key file', 'ssl_session_ticket_key /etc/nginx/tls/ticket.key;'],
  [
    'a shared cache and tickets with a key file',
    'ssl_session_cache shared:sessions:1m; ssl_session_ticket_key /etc/nginx/tls/ticket.key;',
  ],
];
const CASES = SESSIONS.flatMap(([name, directives]) =>
  (['TLSv1.2', 'TLSv1.3'] as const).map((version) => ({ name, directives, version })),
);

let one: OneHost;
/** Two keys under one name: a re-key that no list of CA names tells. */
let removed: TestCa;
let rekeyed: TestCa;
let numbers = 0;
let takeBack = () => {};

beforeAll(async () => {
  one = await OneHost.boot();
  writeFileSync(one.host.outside('etc/nginx/tls/ticket.key'), randomBytes(80));
  removed = await makeCa({ commonName: 'The client CA' });
  rekeyed = await makeCa({ commonName: 'The client CA' });
});

afterAll(() => one?.stop());
beforeEach(() => one.begin());
afterEach(() => takeBack());

async function generation(ca: TestCa, marked: boolean): Promise<Bundle> {
  numbers += 1;
  const { content, digest } = composeGeneration({ anchorsPem: [ca.certificatePem], markerPem: null });
  if (!marked) return { content, digest };
  const markerPem = await new X509Mint().marker(markerName('edge', numbers, digest));
  return composeGeneration({ anchorsPem: [ca.certificatePem], markerPem });
}

/** A whole transaction of the host, from one bundle to the next. */
async function switchTo(from: Bundle, to: Bundle): Promise<void> {
  await one.gateway.stage(one.target(), one.token(), from.digest, to, 60_000);
  await one.gateway.commit(one.target(), one.token(), from.digest, to.digest, 60_000);
  await one.gateway.confirm(one.target(), one.token(), to.digest);
}

/** What a client of the removed CA gets that brings along its session of before the switch. */
async function afterRekey(version: TlsVersion, marked: boolean) {
  const [from, to] = [await generation(removed, marked), await generation(rekeyed, marked)];
  one.host.writeFile('etc/nginx/trust/client-ca.pem', from.content);
  reload(one.host);
  const client = await removed.issueClient({ commonName: 'a client of the removed CA' });
  const first = await visit(one.host, client, version);
  const again = await visit(one.host, client, version, first.session);
  // What is tried below would be no proof where sessions are not taken up at all.
  expect([first.status, again.status, again.resumed]).toEqual(['200', '200', true]);
  await switchTo(from, to);
  const fresh = await visit(one.host, client, version);
  const resumed = await visit(one.host, client, version, again.session ?? first.session);
  const newcomer = await visit(one.host, await rekeyed.issueClient({ commonName: 'new' }), version);
  expect([fresh.status, newcomer.status]).toEqual(['400', '200']);
  return [resumed.status, resumed.resumed];
}

describe('F16: a session that began under a CA that was re-keyed under its own name', () => {
  it.each(CASES)('F16: $name, $version: refused, thanks to the marker', async ({ directives, version }) => {
    takeBack = addToServer(one.host, directives);
    expect(await afterRekey(version, true)).toEqual(['400', false]);
  });

  it.each(CASES.filter(({ name }) => name !== 'a shared cache and tickets'))(
    'F16: $name, $version: the same without a marker lets it in',
    async ({ directives, version }) => {
      takeBack = addToServer(one.host, directives);
      expect(await afterRekey(version, false)).toEqual(['200', true]);
    },
  );
});
