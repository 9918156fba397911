import { beforeAll, describe, expect, it } from 'vitest';
import type { RotationState } from '#rotation';
import { anchorsOf, composeGeneration, parseBundle } from '#trust';
import type { IssuedLeaf, Issuer } from '../ports/ca-source.js';
import { PortError } from '../ports/problem.js';
import { COMPOSITIONS } from './compositions.js';
import type { EffectContext } from './context.js';
import { isVouchedFor } from './expectations.js';
import { type MintedCa, mint } from './minted-ca.fixture.js';

const NOW = Date.parse('2026-11-24T00:00:00Z');

let root: MintedCa;
let policy: MintedCa;
let old: MintedCa;
beforeAll(async () => {
  root = await mint(NOW, { name: 'CN=root' });
  policy = await mint(NOW, { name: 'CN=policy', by: root });
  old = await mint(NOW, { name: 'CN=old', by: policy });
});

interface World {
  readonly made: MintedCa;
  /** What the PKI knows above it. */
  readonly parents?: readonly MintedCa[];
  readonly today?: readonly MintedCa[];
  /** `ssl_verify_depth` of the one host. */
  readonly depth?: number;
  readonly distrusted?: readonly string[];
  readonly signed?: boolean;
}

const anchors = (cas: readonly MintedCa[]) => anchorsOf(parseBundle(cas.map(({ pem }) => pem).join('')));
const names = (found: readonly { subject: string }[] | null) => found?.map(({ subject }) => subject) ?? null;

function compose({ made, parents = [], today = [root, policy, old], depth = 2, ...more }: World) {
  const issuer = (id: string, certificatePem: string): Issuer => ({
    ...{ id, name: id, certificatePem, usage: [], parentsPem: parents.map(({ pem }) => pem).join('') },
  });
  const fleet = {
    ...{ id: 'edge', name: 'edge', distrusted: (more.distrusted ?? []).map((anchor) => ({ anchor })) },
    issuingCa: {
      ...{ kind: 'vault', mount: 'pki', address: 'https://vault.example' },
      signedBy: more.signed === false ? null : { mount: 'pki-policy', issuer: 'default' },
    },
  };
  const effect = { kind: 'host.inspect', id: 'expand.1/host.inspect/a', hostId: 'a', transition: 'expand' };
  const settings = [{ where: 'edge-1 /etc/nginx/nginx.conf:7', depth, trustedPem: '' }];
  const state = {
    snapshot: { fleetId: 'edge', otherFleets: [], waves: [['a']], strategy: 'overlap' },
    effects: new Map<string, object>([
      ['ca.survey', { effect: {}, status: 'done', result: { defaultIssuerId: 'old' } }],
      ['ca.prepare', { effect: {}, status: 'done', result: { issuerId: 'new' } }],
      ['expand.1/host.inspect/a', { effect, status: 'done', result: { settings } }],
    ]),
  } as unknown as RotationState;
  for (const kind of ['ca.survey', 'ca.prepare'])
    Object.assign(state.effects.get(kind)?.effect ?? {}, { kind });
  const survey = async () => ({ issuers: [issuer('old', old.pem), issuer('new', made.pem)] });
  const context = { ports: { ca: { survey }, clock: { now: () => NOW } }, state, fleet };
  return COMPOSITIONS.overlap(context as unknown as EffectContext, anchors(today));
}

async function refusal(world: World): Promise<string> {
  const error = await compose(world).catch((thrown: unknown) => thrown);
  if (!(error instanceof PortError)) throw new Error(`it was to be refused, and was not: ${error}`);
  expect(error.problem.nextStep).toMatch(/^[A-Z].*\.$/);
  return `${error.problem.code}: ${error.problem.message}`;
}

describe('the generations of a CA below others', () => {
  it('keep what signed the old one, where it signed the new one too, and say what that means', async () => {
    const made = await mint(NOW, { name: 'CN=new', by: policy });
    const { overlap, next, stillTrusted } = await compose({ made });
    expect(names(overlap)).toEqual(['CN=root', 'CN=policy', 'CN=old', 'CN=new']);
    expect(names(next)).toEqual(['CN=root', 'CN=policy', 'CN=new']);
    expect(stillTrusted).toEqual([{ subject: 'CN=old', through: 'CN=policy' }]);
  });

  it('bring a chain of its own in, and leave nothing of the old one', async () => {
    const otherRoot = await mint(NOW, { name: 'CN=root 2' });
    const otherPolicy = await mint(NOW, { name: 'CN=policy 2', by: otherRoot });
    const made = await mint(NOW, { name: 'CN=new', by: otherPolicy });
    const partner = await mint(NOW, { name: 'CN=partner' });
    const parents = [otherRoot, otherPolicy];
    const { overlap, next, stillTrusted } = await compose({
      made,
      parents,
      today: [root, policy, partner, old],
    });
    expect(names(overlap)?.slice(4)).toEqual(['CN=new', 'CN=policy 2', 'CN=root 2']);
    expect(names(next)).toEqual(['CN=partner', 'CN=new', 'CN=policy 2', 'CN=root 2']);
    expect(stillTrusted).toEqual([]);
  });

  it('keep the root for another intermediate of the bundle', async () => {
    const sister = await mint(NOW, { name: 'CN=sister', by: root });
    const made = await mint(NOW, { name: 'CN=new' });
    const { next } = await compose({ made, today: [root, policy, old, sister] });
    expect(names(next)).toEqual(['CN=root', 'CN=sister', 'CN=new']);
  });

  it('are refused where the way up is not known, or only by name', async () => {
    const unknown = await mint(NOW, { name: 'CN=policy 2', by: await mint(NOW, { name: 'CN=root 2' }) });
    const made = await mint(NOW, { name: 'CN=new', by: unknown });
    expect(await refusal({ made, parents: [unknown] })).toMatch(
      /^ca\.no-root: .*signed by itself but by CN=policy 2/,
    );
    const namesake = await mint(NOW, { name: 'CN=policy 2', by: root });
    expect(await refusal({ made, parents: [namesake] })).toMatch(/^ca\.no-root/);
  });

  it('are refused where the PKI was to make a root', async () => {
    const made = await mint(NOW, { name: 'CN=new', by: policy });
    expect(await refusal({ made, signed: false })).toMatch(/^ca\.not-self-signed/);
  });

  it('are refused where hosts allow for fewer CAs than the old chain has, or the new one, with the place', async () => {
    const made = await mint(NOW, { name: 'CN=new', by: policy });
    expect(await refusal({ made: await mint(NOW), depth: 1 })).toMatch(
      /^host\.verify-depth: Clients of CN=old have 2/,
    );
    const today = [old, await mint(NOW)];
    expect(await refusal({ made, parents: [policy, root], today, depth: 1 })).toBe(
      'host.verify-depth: Clients of CN=new have 2 CAs between them and their root, more than ssl_verify_depth allows at edge-1 /etc/nginx/nginx.conf:7 (1).',
    );
  });

  it('I12 are refused where they would bring a distrusted parent back', async () => {
    const evil = await mint(NOW, { name: 'CN=evil' });
    const made = await mint(NOW, { name: 'CN=new', by: evil });
    const [{ ski } = { ski: null }] = anchors([evil]);
    const distrusted = [String(ski)];
    expect(await refusal({ made, parents: [evil], distrusted })).toMatch(/^anchor\.distrusted: .*CN=evil/);
    expect(await refusal({ made, parents: [evil], distrusted: [] }).catch(() => 'taken')).toBe('taken');
  });
});

describe('a client that sends its CA along', () => {
  const serving = (cas: readonly MintedCa[]) => {
    const { content } = composeGeneration({ anchorsPem: cas.map(({ pem }) => pem), markerPem: null });
    return { content, id: 'g', fleetId: 'f', number: 1, digest: '', marker: null };
  };
  const client = (...chain: MintedCa[]) =>
    ({ chainPem: chain.map(({ pem }) => pem).join('') }) as Pick<IssuedLeaf, 'chainPem'>;

  it('is vouched for by whatever signed that CA, and by nothing else', async () => {
    expect(isVouchedFor(serving([root, policy]), client(old))).toBe(true);
    expect(isVouchedFor(serving([root]), client(old, policy))).toBe(true);
    expect(isVouchedFor(serving([root]), client(old))).toBe(false);
    expect(isVouchedFor(serving([root, policy]), client())).toBe(false);
    expect(isVouchedFor(serving([await mint(NOW)]), client(old, policy))).toBe(false);
  });
});
