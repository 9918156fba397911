import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VaultCaSource, vaultPolicy } from '#ca-source';
import { PortError, type VaultTokenCa } from '#engine';
import { policyCommand } from '../../apps/cli/src/ca/policy-command.js';
import { startVault, type TestVault } from '../kit/vault.js';
import { newChain, newRoleIn } from './ca-chains.backends.js';
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

/** The same for a CA that another mount signs, and whose roles move. */
const NEEDED_BELOW: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(NEEDED).filter(([right]) => right !== 'update root/rotate/internal')),
  'patch roles/+': 'prepareIssuer',
  'update issuers/generate/intermediate/internal': 'prepareIssuer',
  'update issuers/generate/intermediate/existing': 'prepareIssuer again',
  'update intermediate/set-signed': 'prepareIssuer',
  'update PARENT/issuer/default/sign-intermediate': 'prepareIssuer',
  'read key/windlass-*': 'withdrawIssuer',
};

/** A whole rotation and its way back; returns the operation that was denied, or null. */
async function rotate(
  ca: VaultTokenCa,
  oldId: string,
  more: (ca: VaultTokenCa, oldId: string) => Steps = () => [],
): Promise<string | null> {
  let newId = '';
  const steps: Steps = [
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
    ...more(ca, oldId),
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

type Steps = readonly [name: string, step: () => Promise<unknown>][];

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
      const place = path.startsWith(`${mount}/`) ? path.slice(mount.length + 1) : path;
      const right = `${one.replaceAll('"', '')} ${place}`;
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

  it('grants all that a signed CA and its roles need, and no right that they would not miss', async () => {
    const whatIsLeft = (vault: TestVault, { mount }: VaultTokenCa) =>
      callApi(vault, 'POST', `${mount}/issuers/generate/intermediate/internal`, {
        ...{ key_name: 'windlass-lost', common_name: 'New CA', key_type: 'ec' },
      });
    const again = (ca: VaultTokenCa, oldId: string): Steps => [
      ['moveRole', () => source.moveRole(ca, 'robots', oldId, 'windlass-new')],
      ['moveRole', () => source.moveRole(ca, 'robots', 'windlass-new', oldId)],
      ['prepareIssuer again', () => source.prepareIssuer(ca, { ...newRoot, name: 'windlass-lost' })],
    ];
    const missed: Record<string, string | null> = {};
    const { ca: first } = await newChain(vault, 2, { pinnedRoles: 'move' });
    const count = withoutEach(await shippedPolicy(first), first.mount).length;
    for (let index = -1; index < count; index++) {
      const { ca, oldId, parent } = await newChain(vault, 2, { pinnedRoles: 'move' });
      await newRoleIn(vault, ca.mount, 'robots', oldId);
      await source.issueLeaf(ca, { ...leaf, issuerId: null });
      await callApi(vault, 'POST', `${ca.mount}/config/issuers`, {
        ...{ default: oldId, default_follows_latest_issuer: true },
      });
      await whatIsLeft(vault, ca);
      await endCrls(vault, ca);
      const whole = await shippedPolicy(ca);
      const [right, lacking] = withoutEach(whole, ca.mount)[index] ?? ['nothing', whole];
      const ours = await limitedTo(vault, ca, lacking);
      missed[right.replace(parent.mount, 'PARENT')] = await rotate(ours, oldId, again);
    }
    expect(missed).toEqual({ nothing: null, ...NEEDED_BELOW });
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

  it('is printed for a CA that another mount signs, and for roles that move', () => {
    const printed: string[] = [];
    const words = ['--mount', 'pki', '--role', 'r', '--signed-by', 'pki-root:root-2', '--move-roles'];
    expect(policyCommand(words, (line) => printed.push(line), fail)).toBe(0);
    const text = printed.join('\n');
    expect(text).toContain('path "pki-root/issuer/root-2/sign-intermediate"');
    expect(text).toContain('path "pki/roles/+" { capabilities = ["read", "patch"] }');
    expect(text).not.toMatch(/root\/rotate|\{\{/);
  });

  it.each([
    [[], 'is not the path of a mount'],
    [['--mount', 'pki'], 'at least one role'],
    [['--mount', 'a/../b', '--role', 'r'], 'is not the path of a mount'],
    [['--mount', 'pki" {} path "*', '--role', 'r'], 'is not the path of a mount'],
    [['--mount', 'pki', '--role', '*'], 'is not the name of a role'],
    [['--mount', 'pki', '--role', 'r', '--signed-by', '../root'], 'is not the path of a mount'],
    [['--mount', 'pki', '--role', 'r', '--signed-by', 'root:a"'], 'is not the name or the id of an issuer'],
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
