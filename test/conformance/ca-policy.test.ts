import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VaultCaSource, vaultPolicy } from '#ca-source';
import { PortError, type VaultTokenCa } from '#engine';
import { policyCommand } from '../../apps/cli/src/ca/policy-command.js';
import { startVault, type TestVault } from '../kit/vault.js';
import { callApi, limitedTo, newIssuingCa, ONE_YEAR, shippedPolicy } from './ca-source.backends.js';

const source = new VaultCaSource();
const newRoot = { name: 'windlass-new', commonName: 'New CA', ttlSeconds: ONE_YEAR };
const leaf = { commonName: 'client', ttlSeconds: 600 };

/** For each right of the policy, what cannot be done without it: where a rotation would notice first. */
const NEEDED: Readonly<Record<string, string>> = {
  'read issuer/+': 'survey',
  'patch issuer/+': 'prepareIssuer',
  'list roles': 'survey',
  'read roles/+': 'survey',
  'list certs': 'outstanding',
  'read crl/rotate': 'crl',
  'read config/issuers': 'survey',
  'update config/issuers': 'prepareIssuer',
  'update root/rotate/internal': 'prepareIssuer',
  'delete issuer/windlass-*': 'withdrawIssuer',
  'delete key/windlass-*': 'withdrawIssuer',
  'update issue/clients': 'issueLeaf',
  'update issuer/+/issue/clients': 'prepareIssuer',
};

/** A whole rotation and its way back; returns the operation that was denied, or null. */
async function rotate(ca: VaultTokenCa, oldId: string): Promise<string | null> {
  let newId = '';
  const steps: readonly [name: string, step: () => Promise<unknown>][] = [
    ['survey', () => source.survey(ca)],
    ['outstanding', async () => refuseUnknown(await source.outstanding(ca, oldId))],
    ['crl', () => source.crl(ca, oldId)],
    ['prepareIssuer', async () => ({ id: newId } = await source.prepareIssuer(ca, newRoot))],
    ['setIssuing', () => source.setIssuing(ca, newId, true)],
    ['issueLeaf', () => source.issueLeaf(ca, { ...leaf, issuerId: newId })],
    ['switchDefault', () => source.switchDefault(ca, oldId, newId)],
    ['issueLeaf', () => source.issueLeaf(ca, { ...leaf, issuerId: null })],
    ['switchDefault', () => source.switchDefault(ca, newId, oldId)],
    ['withdrawIssuer', () => source.withdrawIssuer(ca, newRoot.name, true)],
  ];
  for (const [name, step] of steps) {
    const denied = await step().then(
      () => false,
      (error: unknown) => {
        if (error instanceof PortError && error.problem.code === 'ca.denied') return true;
        throw error;
      },
    );
    if (denied) return name;
  }
  return null;
}

/** The CRLs of the mount are over: only then is nothing to be had without having them made anew. */
async function endCrls(vault: TestVault, { mount }: VaultTokenCa): Promise<void> {
  await callApi(vault, 'POST', `${mount}/config/crl`, { expiry: '1s' });
  await callApi(vault, 'GET', `${mount}/crl/rotate`);
  await sleep(1_100);
  await callApi(vault, 'POST', `${mount}/config/crl`, { expiry: '72h' });
}

/** Where the list is not to be had, the answer says so, and a rotation goes on without it. */
function refuseUnknown({ unknown }: { unknown: string | null }): void {
  if (unknown === null) return;
  throw new PortError({ code: 'ca.denied', message: unknown, nextStep: '' });
}

/** Every right of a policy, and the policy without it. */
function withoutEach(policy: string, mount: string): [right: string, policy: string][] {
  return policy.split('\n').flatMap((line) => {
    const [, path = '', list = ''] = /^path "([^"]+)" \{ capabilities = \[(.*)\] \}$/.exec(line) ?? [];
    const capabilities = list.split(', ').filter((one) => one !== '');
    return capabilities.map((one): [string, string] => {
      const others = capabilities.filter((other) => other !== one).join(', ');
      const lacking = others === '' ? '' : line.replace(list, others);
      const right = `${one.replaceAll('"', '')} ${path.slice(mount.length + 1)}`;
      return [right, policy.replace(line, lacking)];
    });
  });
}

describe('the policy that we ship', () => {
  let vault: TestVault;
  beforeAll(async () => {
    vault = await startVault();
  });
  afterAll(() => vault?.stop());

  it('grants all that a rotation needs, and no right that it would not miss', async () => {
    const missed: Record<string, string | null> = {};
    const { ca: first } = await newIssuingCa(vault);
    const rights = withoutEach(await shippedPolicy(first), first.mount).map(([right]) => right);
    for (const right of [null, ...rights]) {
      const { ca, oldId } = await newIssuingCa(vault);
      // One certificate in the list, so that somebody must be able to read it.
      await source.issueLeaf(ca, { ...leaf, issuerId: null });
      await callApi(vault, 'POST', `${ca.mount}/config/issuers`, {
        ...{ default: oldId, default_follows_latest_issuer: true },
      });
      await endCrls(vault, ca);
      const whole = await shippedPolicy(ca);
      const lacking = new Map(withoutEach(whole, ca.mount)).get(right ?? '') ?? whole;
      expect(lacking === whole, `${right} was taken away`).toBe(right === null);
      missed[right ?? 'nothing'] = await rotate(await limitedTo(vault, ca, lacking), oldId);
    }
    expect(missed).toEqual({ nothing: null, ...NEEDED });
  });

  it('is printed for a mount and its roles', async () => {
    const printed: string[] = [];
    const words = ['--mount', 'team/pki', '--role', 'clients', '--role', 'robots'];
    expect(policyCommand(words, (line) => printed.push(line), fail)).toBe(0);
    const paths = [...printed.join('\n').matchAll(/^path "([^"]+)"/gm)].map(([, path]) => path);
    expect(paths).toHaveLength(13);
    expect(paths.every((path) => path?.startsWith('team/pki/'))).toBe(true);
    expect(paths.slice(-4)).toEqual([
      ...['team/pki/issue/clients', 'team/pki/issue/robots'],
      ...['team/pki/issuer/+/issue/clients', 'team/pki/issuer/+/issue/robots'],
    ]);
    expect(printed.join('\n')).not.toContain('{{');
  });

  it.each([
    [[], 'is not the path of a mount'],
    [['--mount', 'pki'], 'at least one role'],
    [['--mount', 'a/../b', '--role', 'r'], 'is not the path of a mount'],
    [['--mount', 'pki" {} path "*', '--role', 'r'], 'is not the path of a mount'],
    [['--mount', 'pki', '--role', '*'], 'is not the name of a role'],
    [['--mount', 'pki', '--surprise'], 'surprise'],
  ])('is not printed for %j: %s', (words, message) => {
    const complaints: string[] = [];
    expect(policyCommand(words, fail, (line) => complaints.push(line))).toBe(2);
    expect(complaints.join()).toContain(message);
  });

  it('has no place left that a hand would have to fill', () => {
    expect(vaultPolicy('{{mount}} {{role}}', 'pki', ['a'])).toBe('pki a');
  });
});

function fail(line: string): never {
  throw new Error(`this was not to be said: ${line}`);
}
