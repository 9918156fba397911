import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aHostBody } from './bodies.js';
import { expectFieldFault } from './expect-field-fault.js';
import { recordFleet } from './recording.js';
import { type RunningApi, runApi } from './running-api.js';

/** Hosts whose keys come out of a known_hosts file. */

let api: RunningApi;
let path: string;

beforeAll(async () => {
  api = await runApi();
  path = `/v1/fleets/${await recordFleet(api, 0)}/hosts`;
});

afterAll(() => api?.stop());

/** A host without its key, and the line of known_hosts that has it. */
function aKnownHost(over: Record<string, unknown> = {}) {
  const { hostKey, ...body } = aHostBody(over);
  const key = String(hostKey).split(' ').slice(0, 2).join(' ');
  return { body, key, line: `[${body.address}]:${body.port} ${key} a comment` };
}

describe('knownHosts', () => {
  it('gives a host its key', async () => {
    const { body, key, line } = aKnownHost();
    const reply = await api.call('POST', path, { body: { ...body, knownHosts: `# all\n${line}\n` } });
    expect(reply).toMatchObject({ status: 201, body: { name: body.name, hostKey: key } });
    expect(reply.body).not.toHaveProperty('knownHosts');
  });

  it('gives many hosts theirs, but for those that bring one', async () => {
    const [first, second, third] = [aKnownHost(), aKnownHost(), aKnownHost()];
    const own = aHostBody();
    const hosts = [first.body, own, second.body, { ...third.body, knownHosts: third.line }];
    const knownHosts = [second.line, first.line].join('\n');
    const reply = await api.call('POST', path, { body: { hosts, knownHosts } });
    expect(reply.status).toBe(201);
    expect(reply.body.hosts.map(({ hostKey }: { hostKey: string }) => hostKey)).toEqual([
      first.key,
      expect.stringMatching(/^ssh-ed25519 /),
      second.key,
      third.key,
    ]);
    expect(own.hostKey).toContain(reply.body.hosts[1].hostKey);
  });

  it('gives a jump host its key', async () => {
    const [{ body, line }, outer] = [aKnownHost(), aKnownHost()];
    const { address, port, user, privateKey } = outer.body;
    const host = { ...body, jump: { address, port, user, privateKey } };
    const knownHosts = `${line}\n${outer.line}`;
    const reply = await api.call('POST', path, { body: { hosts: [host], knownHosts } });
    expect(reply).toMatchObject({ status: 201, body: { hosts: [{ jump: { hostKey: outer.key } }] } });
    const missing = { ...aHostBody(), jump: { ...host.jump, knownHosts: line } };
    const text = await expectFieldFault(api, path, missing, '#/jump/knownHosts');
    expect(text).toContain(`jump host of ${missing.name}: no line names`);
  });

  it('that has no key for some hosts names each, and enrols none', async () => {
    const [known, unknown, revoked] = [aKnownHost(), aKnownHost(), aKnownHost()];
    const hosts = [known.body, unknown.body, revoked.body];
    const knownHosts = [known.line, revoked.line, `@revoked * ${revoked.key}`].join('\n');
    const reply = await api.call('POST', path, { body: { hosts, knownHosts } });
    expect(reply.body).toMatchObject({
      ...{ status: 400, code: 'request.invalid' },
      errors: [
        {
          pointer: '#/knownHosts',
          detail: expect.stringContaining(`host ${unknown.body.name}: no line names`),
        },
        {
          pointer: '#/knownHosts',
          detail: expect.stringMatching(`host ${revoked.body.name}: .* line 2 is revoked on line 3`),
        },
      ],
    });
    const listed = await api.call('GET', `${path}?name=${known.body.name}`);
    expect(listed.body.items).toEqual([]);
  });

  it('with a line that cannot be read quotes nothing of it', async () => {
    const { body, line } = aKnownHost();
    const knownHosts = `${line}\nplanted-word`;
    const text = await expectFieldFault(api, path, { ...body, knownHosts }, '#/knownHosts');
    expect(text).toContain('line 2 does not hold');
    expect(text).not.toContain('planted-word');
  });

  it.each([
    ['beside hostKey', { knownHosts: 'x' }, '#/knownHosts'],
    ['left out, and hostKey too', { hostKey: undefined }, '#/hostKey'],
    ['left out where one is to be chosen', { hostKeyAlgorithm: 'ssh-ed25519' }, '#/hostKeyAlgorithm'],
    ['with the choice of RSA', { hostKey: undefined, hostKeyAlgorithm: 'ssh-rsa' }, '#/hostKeyAlgorithm'],
    ['too long', { hostKey: undefined, knownHosts: '#'.repeat(600_000) }, '#/knownHosts'],
  ])('%s', async (_what, over, pointer) => {
    await expectFieldFault(api, path, aHostBody(over), pointer);
  });
});
