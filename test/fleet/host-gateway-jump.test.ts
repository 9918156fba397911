import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import ssh2 from 'ssh2';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { PortError, Secret, type SshServer } from '#engine';
import { SshHostGateway } from '#host';
import { SshAgent } from '#kit';
import { OneHost } from './one-host.js';

/** A name that the jump host alone can find: whoever reached it went by way of there. */
const INNER = 'inner.test';
const OTHER_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDPj+pCKz6lnnGvueARL6OmtTTRyCEp3jgTV/WixbpD/';

describe('a host behind a jump host', () => {
  let one: OneHost;
  let outer: OneHost;

  beforeAll(async () => {
    [one, outer] = [await OneHost.boot(), await OneHost.boot()];
    nameInner();
  });
  beforeEach(async () => {
    one.as({ address: INNER, jump: jump() });
    await one.begin();
  });
  afterAll(async () => {
    await one?.stop();
    await outer?.stop();
  });

  function nameInner(): void {
    outer.host.writeFile('run/hosts', `${one.host.address} ${INNER}\n`);
    outer.host.exec('mount --bind /run/hosts /etc/hosts');
  }

  function jump(change: Partial<SshServer> = {}): SshServer {
    const { address, port, user, hostKey, privateKey } = outer.target();
    return { address, port, user, hostKey, privateKey, ...change };
  }

  const logins = (host: OneHost) => host.host.sshdLog().match(/Accepted publickey/g)?.length ?? 0;

  async function whyNot(target: Parameters<OneHost['target']>[0]): Promise<PortError> {
    const error = await one.gateway.observe(one.target(target)).catch((caught: unknown) => caught);
    if (!(error instanceof PortError)) throw new Error('nobody was refused', { cause: error });
    expect(error.problem.message).toContain(one.host.name);
    return error;
  }

  it('is switched and put back', async () => {
    await one.stage();
    await one.commit();
    await one.expectSwitched();
    await one.confirm();
    await one.revert();
    await one.expectBack();
  });

  it('shares its connection to the jump host with all who go by it, and no login with others', async () => {
    const [atJump, atHost] = [logins(outer), logins(one)];
    const ids = ['a', 'b', 'c', 'd'];
    await Promise.all(ids.map((id) => one.gateway.observe(one.target({ id }))));
    await one.gateway.observe(one.target({ id: 'a' }));
    expect([logins(outer) - atJump, logins(one) - atHost]).toEqual([1, 4]);
    const stranger = new Secret(ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 }).private);
    const { problem } = await whyNot({ id: 'a', jump: jump({ privateKey: stranger }) });
    expect(problem).toMatchObject({ code: 'host.denied', message: expect.stringContaining('jump host (') });
  });

  it('is not reached by a jump host that shows another key: nobody logs in anywhere', async () => {
    const before = [logins(outer), logins(one)];
    const { problem } = await whyNot({ jump: jump({ hostKey: OTHER_KEY }) });
    const place = `jump host (${outer.host.address}:2222)`;
    expect(problem).toMatchObject({ code: 'host.key-changed', message: expect.stringContaining(place) });
    expect([logins(outer), logins(one)]).toEqual(before);
  });

  it('is not logged in to where it shows another key itself, for all that the jump host is the right one', async () => {
    const before = logins(one);
    const { problem } = await whyNot({ hostKey: OTHER_KEY });
    expect(problem.code).toBe('host.key-changed');
    expect(problem.message).toMatch(`(${INNER}:2222 by way of ${outer.host.address}:2222) shows another`);
    expect(logins(one)).toBe(before);
  });

  it('has each hop named that is down', async () => {
    const closed = await whyNot({ jump: jump({ port: 9 }) });
    expect(closed.problem.message).toMatch(/jump host \(\S+:9\) cannot be reached: .*ECONNREFUSED/);
    const behind = await whyNot({ port: 9 });
    expect(behind.problem.message).toMatch(/the jump host cannot connect it: .*refused/i);
    for (const { problem, transient } of [closed, behind]) {
      expect([problem.code, transient]).toEqual(['host.unreachable', true]);
    }
  });

  it('is found again when its jump host was off', async () => {
    await one.stage();
    await outer.host.powerOff();
    expect((await whyNot({})).problem.code).toBe('host.unreachable');
    await outer.host.powerOn();
    nameInner();
    await one.stage();
    await one.commit();
    await one.expectSwitched();
    await one.revert();
    await one.expectBack();
  });

  it('is logged in to by the SSH agent, as the jump host is', async () => {
    const agent = await SshAgent.start();
    onTestFinished(() => agent.stop());
    await one.gateway.close();
    one.gateway = new SshHostGateway(agent.socket);
    const byAgent = { privateKey: null, jump: jump({ privateKey: null }) };
    agent.add(one.host.privateKey);
    expect((await whyNot(byAgent)).problem.message).toMatch(/jump host \(\S+\) refuses user root/);
    agent.add(outer.host.privateKey);
    await expect(one.gateway.observe(one.target(byAgent))).resolves.toBeDefined();
    one.gateway = new SshHostGateway();
    const { problem } = await whyNot({ jump: jump({ privateKey: null }) });
    expect(problem).toMatchObject({ code: 'host.no-agent', message: expect.stringContaining('jump host (') });
  });

  it('is given up where the jump host says nothing, or nothing of the host', async () => {
    const silent = await listening(net.createServer());
    const hostKeys = [ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 })];
    // It never answers what it is asked to connect.
    const stuck = new ssh2.Server({ hostKeys: hostKeys.map((pair) => pair.private) }, (client) => {
      client.on('authentication', (context) => context.accept()).on('error', () => undefined);
      client.on('tcpip', () => undefined);
    });
    const hostKey = hostKeys[0]?.public ?? '';
    const [mute, idle] = await Promise.all([
      whyNot({ id: 'a', jump: jump(silent) }),
      whyNot({ id: 'b', jump: jump({ ...(await listening(stuck)), hostKey }) }),
    ]);
    expect(mute.problem.message).toMatch(/jump host \(\S+\) cannot be reached: Timed out/);
    expect(idle.problem.message).toMatch(/the jump host did not connect it within 10 s/);
  });
});

async function listening(server: net.Server | ssh2.Server): Promise<Pick<SshServer, 'address' | 'port'>> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { address: '127.0.0.1', port: (server.address() as AddressInfo).port };
}
