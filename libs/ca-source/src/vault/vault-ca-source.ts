import { X509Certificate } from 'node:crypto';
import pLimit from 'p-limit';
import {
  CaSource,
  type CaSurvey,
  type IssuedLeaf,
  type Issuer,
  type NewIssuer,
  type OutstandingLeaves,
  PortError,
  Secret,
  type VaultTokenCa,
} from '#engine';
import { crlsIn, endOfCrl, isPastHalf } from '#trust';
import { cutShortTo, intermediates } from '../issued-certificates.js';
import { asIssuer, mayIssue, usagesOf } from './issuer-facts.js';
import { type DefaultIssuer, MountedPki } from './mounted-pki.js';
import { outstandingOf } from './outstanding.js';
import { productName } from './product.js';
import { proveIssuing, proveMoves, proveSwitch } from './prove-permission.js';
import {
  defaultMoved,
  followsLatestAgain,
  foreignIssuer,
  isTheDefault,
  noCrl,
  noDefaultIssuer,
  roleChanged,
  validityCut,
} from './refusals.js';
import { chainOfParent, createSigned, mayHaveCasBelow, withdrawUnnamed } from './signed-issuer.js';
import { VaultConnection } from './vault-connection.js';
import { healthReply, type IssuerReply } from './vault-replies.js';

/** Requests at once while a mount with many issuers or roles is surveyed. */
const SURVEY_PARALLELISM = 8;

/**
 * The PKI of a HashiCorp Vault (1.11 or newer), or of whatever speaks its API. Nothing is remembered between
 * calls: each reads what is, and writes only what is missing.
 */
export class VaultCaSource extends CaSource<VaultTokenCa> {
  /** Throws `ca.no-default-issuer` for a mount without one: there is nothing to rotate from. */
  override async survey(ca: VaultTokenCa): Promise<CaSurvey> {
    const vault = new VaultConnection(ca);
    const pki = new MountedPki(vault);
    const [health, byDefault, names, roleNames] = await Promise.all([
      vault.read('sys/health', 'tell its version', healthReply),
      pki.defaultIssuer(),
      pki.issuerNames(),
      pki.roleNames(),
    ]);
    if (byDefault.id === '') throw noDefaultIssuer(ca);
    const limit = pLimit(SURVEY_PARALLELISM);
    const above = await parentsFor(ca, vault);
    return {
      product: productName(health),
      defaultIssuerId: byDefault.id,
      defaultFollowsLatest: byDefault.followsLatest,
      issuers: await limit.map([...names.keys()], async (id) => above(asIssuer(await pki.issuer(id)))),
      roles: await limit.map(roleNames, async (name) => ({
        name,
        issuerRef: (await pki.role(name)).issuer_ref,
      })),
    };
  }

  /** The default is pinned before the issuer exists: a default that follows the latest would be the new one at once. */
  override async prepareIssuer(ca: VaultTokenCa, request: NewIssuer): Promise<Issuer> {
    const pki = connect(ca);
    const before = await readDefault(pki, ca);
    const existing = await pki.issuerIdByName(request.name);
    if (existing === before.id) throw isTheDefault(ca, request.name, 'keep it from issuing');
    await proveSwitch(pki, before);
    await proveMoves(pki, ca, before);
    const id = existing ?? (await create(pki, ca, before, request));
    const issuer = await keepFromIssuing(pki, ca, id, request);
    await proveIssuing(pki, ca, id);
    await confirmDefault(pki, ca, before.id);
    return asIssuer(issuer);
  }

  override async setIssuing(ca: VaultTokenCa, issuerId: string, allowed: boolean): Promise<Issuer> {
    const pki = connect(ca);
    const issuer = await pki.issuer(issuerId);
    if (mayIssue(issuer) === allowed) return asIssuer(issuer);
    const others = usagesOf(issuer).filter((usage) => usage !== 'issuing-certificates');
    const usage = (allowed ? [...others, 'issuing-certificates'] : others).join(',');
    await pki.changeIssuer(
      issuerId,
      { usage },
      `${allowed ? 'let' : 'keep'} issuer ${issuerId} ${allowed ? 'issue' : 'from issuing'}`,
    );
    return asIssuer(await pki.issuer(issuerId));
  }

  /** Does not look whether `to` may issue: a fall-back must be possible whatever state the issuers are in. */
  override async switchDefault(ca: VaultTokenCa, from: string, to: string): Promise<void> {
    const pki = connect(ca);
    const { id } = await pki.defaultIssuer();
    if (id === to) return;
    if (id !== from) throw defaultMoved(ca, id, from);
    await pki.setDefaultIssuer({ id: to, followsLatest: false });
    await confirmDefault(pki, ca, to);
  }

  override async moveRole(ca: VaultTokenCa, role: string, from: string, to: string): Promise<void> {
    const pki = connect(ca);
    if (!(await pki.roleNames()).includes(role)) return;
    const { issuer_ref: found } = await pki.role(role);
    if (found === to) return;
    if (found !== from) throw roleChanged(ca, role, found, [from, to]);
    await pki.setRoleIssuer(role, to);
    const { issuer_ref: now } = await pki.role(role);
    if (now !== to) throw roleChanged(ca, role, now, [to]);
  }

  /** The key goes as well: a CA key that nobody needs is only there to be stolen. */
  override async withdrawIssuer(ca: VaultTokenCa, name: string, followsLatest: boolean): Promise<void> {
    const pki = connect(ca);
    const byDefault = await readDefault(pki, ca);
    const id = await pki.issuerIdByName(name);
    if (id === byDefault.id) throw isTheDefault(ca, name, 'delete it');
    if (id !== null) await pki.deleteIssuer(name);
    if (ca.signedBy) await withdrawUnnamed(pki, name, byDefault.id);
    await pki.deleteKey(name);
    if (byDefault.followsLatest !== followsLatest) {
      await pki.setDefaultIssuer({ id: byDefault.id, followsLatest });
    }
  }

  override async outstanding(ca: VaultTokenCa, issuerId: string): Promise<OutstandingLeaves> {
    return outstandingOf(connect(ca), issuerId, Date.now());
  }

  /** With `auto_rebuild` off Vault makes a CRL when something is revoked, and lets it end otherwise. */
  override async crl(ca: VaultTokenCa, issuerId: string): Promise<string> {
    const pki = connect(ca);
    const current = await pki.crl(issuerId);
    if (lifeOf(current) === 'enough') return current;
    try {
      await pki.rotateCrls();
    } catch (error) {
      // It still lets clients in. Whoever finds that it ends soon says which right is missing.
      if (lifeOf(current) === 'little' && isDenied(error)) return current;
      throw error;
    }
    const renewed = await pki.crl(issuerId);
    if (lifeOf(renewed) === 'none') throw noCrl(ca, issuerId);
    return renewed;
  }

  override async issueLeaf(
    ca: VaultTokenCa,
    request: { issuerId: string | null; commonName: string; ttlSeconds: number },
  ): Promise<IssuedLeaf> {
    const leaf = await connect(ca).issue(request.issuerId, ca.role, request);
    return {
      certificatePem: `${leaf.certificate.trim()}\n`,
      chainPem: intermediates(leaf.ca_chain),
      privateKey: new Secret(`${leaf.private_key.trim()}\n`),
      issuerPem: `${leaf.issuing_ca.trim()}\n`,
    };
  }
}

function lifeOf(crlPem: string): 'enough' | 'little' | 'none' {
  const [list] = crlsIn(crlPem);
  const now = Date.now();
  if (list === undefined || endOfCrl(list) <= now) return 'none';
  return isPastHalf(list, now) ? 'little' : 'enough';
}

function isDenied(error: unknown): boolean {
  return error instanceof PortError && error.problem.code === 'ca.denied';
}

function connect(ca: VaultTokenCa): MountedPki {
  return new MountedPki(new VaultConnection(ca));
}

async function create(pki: MountedPki, ca: VaultTokenCa, before: DefaultIssuer, request: NewIssuer) {
  if (!ca.signedBy) return pki.createRoot(request);
  const { certificate } = await pki.issuer(before.id);
  return createSigned(pki, ca.signedBy, { ...request, mayHaveCasBelow: mayHaveCasBelow(certificate) });
}

/** Adds the parent's chain to whatever issuer has parents. A parent that is gone keeps nobody from reading the rest. */
async function parentsFor({ signedBy }: VaultTokenCa, vault: VaultConnection) {
  const chain = signedBy ? await chainOfParent(vault, signedBy).catch(noneUnlessTransient) : '';
  return (issuer: Issuer): Issuer => ({ ...issuer, parentsPem: `${issuer.parentsPem ?? ''}${chain}` });
}

function noneUnlessTransient(error: unknown): '' {
  if (error instanceof PortError && !error.transient) return '';
  throw error;
}

async function readDefault(pki: MountedPki, ca: VaultTokenCa): Promise<DefaultIssuer> {
  const byDefault = await pki.defaultIssuer();
  if (byDefault.id === '') throw noDefaultIssuer(ca);
  return byDefault;
}

/** Vault has no compare-and-set for the default, so reading back is what shows that nobody interfered. */
async function confirmDefault(pki: MountedPki, ca: VaultTokenCa, expected: string): Promise<void> {
  const { id, followsLatest } = await pki.defaultIssuer();
  if (id !== expected) throw defaultMoved(ca, id, expected);
  if (followsLatest) throw followsLatestAgain(ca);
}

/**
 * Leaves alone an issuer that is not of this rotation. An issuer of ours is restricted before its validity is
 * judged, so that a refusal never leaves one behind that can issue.
 */
async function keepFromIssuing(
  pki: MountedPki,
  ca: VaultTokenCa,
  id: string,
  { name, commonName, ttlSeconds }: NewIssuer,
): Promise<IssuerReply> {
  let issuer = await pki.issuer(id);
  const certificate = new X509Certificate(issuer.certificate);
  const found = String(certificate.toLegacyObject().subject.CN);
  if (found !== commonName) throw foreignIssuer(ca, name, found, commonName);
  if (mayIssue(issuer) || issuer.leaf_not_after_behavior !== 'err') {
    const usage = usagesOf(issuer).filter((each) => each !== 'issuing-certificates');
    await pki.changeIssuer(
      id,
      { usage: usage.join(','), leaf_not_after_behavior: 'err' },
      `keep issuer ${name} from issuing`,
    );
    issuer = await pki.issuer(id);
  }
  const validity = cutShortTo(certificate, ttlSeconds);
  if (validity !== null) throw validityCut(ca, name, validity, ttlSeconds);
  return issuer;
}
