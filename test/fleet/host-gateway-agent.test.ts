import ssh2 from 'ssh2';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PortError, Secret } from '#engine';
import { SshHostGateway } from '#host';
import { SshAgent } from '#kit';
import { OneHost } from './one-host.js';

/** sshd(8), MaxAuthTries: it listens to six keys. */
const TOO_MANY = 7;

describe('where the SSH agent of the worker logs in', () => {
  let one: OneHost;
  let agent: SshAgent;

  beforeAll(async () => {
    one = await OneHost.boot();
    one.as({ privateKey: null });
  });
  beforeEach(async () => {
    agent = await SshAgent.start();
    await one.begin();
    await through(agent.socket);
  });
  afterEach(() => agent.stop());
  afterAll(() => one?.stop());

  async function through(socket: string | null): Promise<void> {
    await one.gateway.close();
    one.gateway = new SshHostGateway(socket);
  }

  async function whyNot(): Promise<PortError> {
    const error = await one.gateway.observe(one.target()).catch((caught: unknown) => caught);
    if (!(error instanceof PortError)) throw new Error('nobody was refused', { cause: error });
    expect(error.problem.message).toContain(`${one.host.name} (${one.host.address}:2222)`);
    return error;
  }

  it('switches and reverts', async () => {
    agent.addStrangers(1);
    agent.add(one.host.privateKey);
    await one.stage();
    await one.commit();
    await one.expectSwitched();
    await one.confirm();
    await one.revert();
    await one.expectBack();
  });

  it('says that there is none, which does not pass by itself', async () => {
    await through(null);
    const { problem, transient } = await whyNot();
    expect(problem).toMatchObject({ code: 'host.no-agent', message: expect.stringContaining('is not set') });
    expect(transient).toBe(false);
  });

  it('says that it does not answer, and goes on when it does', async () => {
    await through(`${agent.socket}-of-nobody`);
    const { problem, transient } = await whyNot();
    expect(problem).toMatchObject({
      ...{ code: 'host.no-agent', message: expect.stringContaining('Failed to connect to agent') },
    });
    expect(transient).toBe(true);
    await through(agent.socket);
    agent.add(one.host.privateKey);
    await expect(one.gateway.observe(one.target())).resolves.toBeDefined();
  });

  it('says that it holds no key that the host takes, none at all, or too many', async () => {
    for (const strangers of [0, 1, TOO_MANY]) {
      agent.forgetAll();
      agent.addStrangers(strangers);
      const { problem } = await whyNot();
      expect(problem).toMatchObject({ code: 'host.denied', nextStep: expect.stringContaining('ssh-add -l') });
    }
    agent.forgetAll();
    agent.add(one.host.privateKey);
    await expect(one.gateway.observe(one.target())).resolves.toBeDefined();
  });

  it('asks it for nothing where the host shows another key', async () => {
    agent.add(one.host.privateKey);
    const hostKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDPj+pCKz6lnnGvueARL6OmtTTRyCEp3jgTV/WixbpD/';
    const wrong = one.gateway.observe(one.target({ hostKey }));
    await expect(wrong).rejects.toMatchObject({ problem: { code: 'host.key-changed' } });
  });

  it('does not use it for a host with a private key of its own', async () => {
    agent.add(one.host.privateKey);
    const { private: stranger } = ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 });
    const privateKey = new Secret(stranger);
    await expect(one.gateway.observe(one.target({ privateKey }))).rejects.toMatchObject({
      problem: { code: 'host.denied' },
    });
  });
});
