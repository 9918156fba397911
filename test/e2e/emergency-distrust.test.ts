import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandSections, repositoryRoot, Terminal } from '#kit';
import { ServedFleet } from './served-fleet.js';

const PAGE = 'docs/emergency-distrust.md';

let served: ServedFleet;
let folder: string;
let terminal: Terminal;
let leaked: string;
let fleetId: string;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'windlass-emergency-'));
  served = await ServedFleet.open(2);
  fleetId = await served.record({ name: 'edge' });
  leaked = (await served.api.call('GET', `/v1/fleets/${fleetId}`)).body.anchors[0].id;
  terminal = Terminal.open(folder, {
    ...{ WINDLASS_SERVER: served.api.url, WINDLASS_API_KEY: served.api.adminKey },
    ...{ VAULT_ADDR: served.vault.address, VAULT_TOKEN: served.vault.token.reveal() },
  });
  terminal.program('windlass', 'apps/cli/src/main.js');
  terminal.program('vault', 'test/kit/vault-command.js');
  await clientAs('stolen');
});

afterAll(async () => {
  await served?.stop();
  if (folder) rmSync(folder, { recursive: true });
});

/** Leaves a client of the CA that issues by now in `NAME.pem`. */
const clientAs = (name: string) =>
  terminal.type(`vault write -format=json pki/issue/clients common_name=${name} ttl=1h |
    jq -r '.data.certificate, .data.private_key' > ${name}.pem`);

/** What every host answers to a client. */
async function statuses(name: string): Promise<readonly string[]> {
  const asked = served.hosts.map(({ address, httpsPort }) =>
    terminal.type(
      `curl --silent --insecure --output /dev/null --write-out '%{http_code}' --cert ${name}.pem https://${address}:${httpsPort}/`,
    ),
  );
  return Promise.all(asked);
}

describe('the page for a CA key that leaked', () => {
  it.each(commandSections(PAGE))('has commands that work as they stand: $heading', async ({ blocks }) => {
    for (const lines of blocks) {
      const said = await terminal.type(lines.join('\n').replace('IDENTIFIER', leaked));
      if (lines.at(-1)?.includes('.anchors[]')) expect(said).toContain(`${leaked}  CN=Served client CA`);
      if (lines[0]?.includes('.probes[]')) expect(said).toContain('a distrust does not wait to save any');
      if (lines.at(-1)?.startsWith('windlass replace'))
        expect(await statuses('stolen')).toEqual(['200', '200']);
    }
  });

  it('has shut out whoever has the key, let in clients of the new CA, and says so', async () => {
    await clientAs('renewed');
    expect(await statuses('stolen')).toEqual(['400', '400']);
    expect(await statuses('renewed')).toEqual(['200', '200']);
    expect(await terminal.type('cat incident.md')).toContain('the key of the CA is on the net');
    expect(await terminal.type('windlass fleet get edge')).toMatch(new RegExp(`distrusted +${leaked}`));
  });

  it('says what a soak needs, which no distrust interrupts', async () => {
    const { anchors } = (await served.api.call('GET', `/v1/fleets/${fleetId}`)).body;
    const { id } = (await served.api.call('POST', '/v1/rotations', { body: { fleetId } })).body;
    await served.until(id, ({ gate }) => gate?.open === false);
    const distrust = `windlass distrust edge --anchors ${anchors[0].id} --reason "it leaked, too" --yes`;
    await expect(terminal.type(distrust)).rejects.toThrow(/rotation\.conflict|another rotation/i);
    const page = readFileSync(path.join(repositoryRoot(), PAGE), 'utf8');
    await terminal.type(/`(windlass override edge [^`]+)`/.exec(page)?.[1] ?? '');
    expect(await served.ended(id)).toMatchObject({ status: 'succeeded' });
    expect(await statuses('renewed')).toEqual(['400', '400']);
  });
});
