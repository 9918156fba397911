import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runbookCommands, type TestHost } from '#kit';
import type { Reply } from '../e2e/running-api.js';
import { ServedFleet } from '../e2e/served-fleet.js';
import { repositoryRoot } from '../kit/repository-root.js';

const RUNBOOK = 'docs/operations/blocked.md';
const MAIN = join(repositoryRoot(), 'dist/apps/cli/src/main.js');
const commands = (heading: string) => runbookCommands(RUNBOOK, heading);

/** Somebody with the runbook in front of them: every command is read from it, and typed as it stands there. */
class Operator {
  constructor(
    private readonly served: ServedFleet,
    /** What the words in capitals stand for. */
    private readonly words: Readonly<Record<string, string>>,
    private readonly host: TestHost | null = null,
    private readonly key = served.api.adminKey,
  ) {}

  async follow(lines: readonly string[] = []): Promise<void> {
    for (const line of lines) {
      const typed = line.replaceAll(/\b[A-Z][A-Z_]+\b/g, (word) => this.words[word] ?? word);
      if (line.includes('# on the host')) this.host?.exec(typed);
      else if (line === 'vault operator unseal') await this.served.vault.unseal();
      else await this.windlass(typed);
    }
  }

  private async windlass(typed: string): Promise<void> {
    const script = `windlass() { '${process.execPath}' '${MAIN}' "$@"; }; ${typed}`;
    const env = { PATH: process.env.PATH ?? '', WINDLASS_SERVER: this.served.api.url };
    const program = spawn('sh', ['-c', script], { env: { ...env, WINDLASS_API_KEY: this.key } });
    let said = '';
    for (const stream of [program.stdout, program.stderr]) {
      stream.on('data', (text) => {
        said += text;
      });
    }
    const code = await new Promise((resolve) => program.once('close', resolve));
    // 3: it waits for a person still. Windlass may have tried again by itself a moment before.
    if (code !== 0 && code !== 3) expect(said, typed).toContain('rotation.nothing-to-retry');
  }
}

const blockedBy = (code: string) => (rotation: Reply['body']) =>
  rotation.blocks.some(({ reason }: Reply['body']) => reason.code === code);

describe('the runbook for what blocks', () => {
  let served: ServedFleet;
  let fleetId: string;
  /** Done once, before the named host confirms. */
  let strike: { readonly host: string; readonly act: () => unknown } | null = null;

  const rotate = async (): Promise<string> =>
    (await served.api.call('POST', '/v1/rotations', { body: { fleetId } })).body.id;

  const last = () => {
    const host = served.hosts.at(-1);
    if (host === undefined) throw new Error('there is no host');
    return host;
  };

  beforeAll(async () => {
    served = await ServedFleet.open(3);
    fleetId = await served.record({ contractWhen: 'soaked' });
    const { hosts } = served.api.installation.parts;
    const confirm = hosts.confirm.bind(hosts);
    hosts.confirm = async (host, token, to) => {
      const due = strike?.host === host.name ? strike : null;
      if (due) strike = null;
      await due?.act();
      return confirm(host, token, to);
    };
  });

  afterAll(() => served?.stop());

  it('mends host.drift', async () => {
    const host = last();
    const file = `.${host.managedPath}`;
    strike = { host: host.name, act: () => host.writeFile(file, `# edited\n${host.readFile(file)}`) };
    const id = await rotate();
    const { generations } = await served.until(id, blockedBy('host.drift'));
    const words = {
      ...{ ROTATION: id, FLEET_ID: fleetId },
      ...{ DIGEST: generations.overlap.digest, MANAGED_PATH: host.managedPath },
    };
    await new Operator(served, words, host).follow(commands('`host.drift`').flat());
    expect(await served.ended(id)).toMatchObject({ status: 'succeeded' });
  });

  it('goes on when a host that was unreachable is back', async () => {
    const host = last();
    strike = { host: host.name, act: () => host.powerOff() };
    const id = await rotate();
    await served.until(id, blockedBy('host.unreachable'));
    await host.powerOn();
    await new Operator(served, { ROTATION: id }).follow(commands('`host.unreachable`')[0]);
    expect(await served.ended(id)).toMatchObject({ status: 'succeeded' });
    expect(new Set(served.bundles()).size).toBe(1);
  });

  it('gets over a sealed Vault at the activation', async () => {
    strike = { host: last().name, act: () => served.vault.seal() };
    const id = await rotate();
    await served.until(id, blockedBy('ca.sealed'));
    const [unseal, resume] = commands('`ca.sealed`');
    const operator = new Operator(served, { ROTATION: id });
    await operator.follow(unseal);
    await served.until(id, ({ status }) => status === 'paused');
    await operator.follow(resume);
    expect(await served.ended(id)).toMatchObject({ status: 'succeeded' });
  });

  it('ends without a host that is gone for good', async () => {
    const host = last();
    strike = { host: host.name, act: () => host.powerOff() };
    const id = await rotate();
    await served.until(id, blockedBy('host.unreachable'));
    await new Operator(served, { ROTATION: id, HOST: host.name }).follow(commands('`host.unreachable`')[1]);
    const ended = await served.ended(id);
    expect(ended).toMatchObject({ status: 'succeeded', decommissioned: [{ host: host.name }] });
  });
});

describe('the runbook for what waits', () => {
  let served: ServedFleet;

  beforeAll(async () => {
    served = await ServedFleet.open(2);
  });

  afterAll(() => served?.stop());

  it('overrides the gate for a client that is gone, and has a second person approve', async () => {
    await served.askVault('POST', 'pki/issue/clients', { common_name: 'pos', ttl: '1h' });
    const fleetId = await served.record({ contractWhen: 'unused', approval: 'contract' });
    const { body } = await served.api.call('POST', '/v1/rotations', { body: { fleetId } });
    const waiting = await served.until(body.id, ({ gate }) => gate.open === false);
    expect(waiting).toMatchObject({ phase: 'soak', status: 'running' });
    const words = { ROTATION: body.id, DIGEST: waiting.generations.trustDiffDigest };
    await new Operator(served, words).follow(commands('The gate waits for a client').flat());
    await served.until(body.id, ({ approval }) => approval.awaited);
    const second = await served.api.call('POST', '/v1/api-keys', {
      body: { role: 'approver', label: 'ben' },
    });
    const ben = new Operator(served, words, null, second.body.key);
    await ben.follow(commands('An approval is awaited').flat());
    expect(await served.ended(body.id)).toMatchObject({ status: 'succeeded' });
  });
});
