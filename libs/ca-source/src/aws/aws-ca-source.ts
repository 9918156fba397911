import {
  type AwsPcaCa,
  CaSource,
  type CaSurvey,
  type IssuedLeaf,
  type Issuer,
  type NewIssuer,
  type OutstandingLeaves,
  PortError,
} from '#engine';
import { intermediates } from '../issued-certificates.js';
import { type CaGroup, type Member, readGroup } from './ca-group.js';
import { RANK_TAG } from './group-tags.js';
import { newLeafRequest } from './leaf-request.js';
import { complete, findOrCreate, freshToken, refuseShortLived } from './new-root.js';
import { PrivateCas } from './private-cas.js';
import { defaultMoved, disabled, isTheDefault, noCrl, noDefaultIssuer, statusStays } from './refusals.js';

/** Client authentication and nothing else; the subject comes from the CSR. */
const LEAF_TEMPLATE = 'EndEntityClientAuthCertificate/V1';

/** Lifetime that is asked for where only the right to ask is tried. */
const TRIAL_SECONDS = 600;

/**
 * AWS Private CA: a group of CAs, each with one certificate and one status. Which of them clients get certificates
 * from says the tag `windlass-default` (ADR 19). A CA that may not issue is DISABLED; AWS goes on with its CRL then.
 * Nothing is remembered between calls: each reads what is, and writes only what is missing.
 */
export class AwsCaSource extends CaSource<AwsPcaCa> {
  /** Throws `ca.no-default-issuer` for a group without one: there is nothing to rotate from. */
  override survey(ca: AwsPcaCa): Promise<CaSurvey> {
    return asked(ca, async (cas) => {
      const group = await readGroup(cas);
      const { arn } = defaultOf(group, ca);
      return {
        product: `AWS Private CA in ${ca.region}`,
        defaultIssuerId: arn,
        // AWS knows no roles: who issues from a CA by its ARN cannot be seen.
        ...{ defaultFollowsLatest: false, roles: [] },
        issuers: await Promise.all(group.issuers.map((member) => asIssuer(cas, member))),
      };
    });
  }

  /** The new CA is ACTIVE for a moment, of which only its creator knows: AWS gives certificates to no other status. */
  override prepareIssuer(ca: AwsPcaCa, request: NewIssuer): Promise<Issuer> {
    return asked(ca, async (cas) => {
      const before = defaultOf(await readGroup(cas), ca);
      if (before.name === request.name) throw isTheDefault(ca, before.arn, 'keep it from issuing');
      await proveSwitch(cas, before);
      const arn = await findOrCreate(cas, request, before.authority);
      await complete(cas, arn, request);
      await bringTo(cas, arn, 'DISABLED');
      await proveIssuing(cas, arn);
      const after = await readGroup(cas);
      confirmDefault(after, ca, before.arn);
      const issuer = await asIssuer(cas, after.issuer(arn));
      refuseShortLived(cas, arn, issuer.certificatePem, request);
      return issuer;
    });
  }

  override setIssuing(ca: AwsPcaCa, issuerId: string, allowed: boolean): Promise<Issuer> {
    return asked(ca, async (cas) => {
      const member = (await readGroup(cas)).issuer(issuerId);
      const authority = await bringTo(cas, issuerId, allowed ? 'ACTIVE' : 'DISABLED');
      return asIssuer(cas, { ...member, authority });
    });
  }

  /** Does not look whether `to` may issue: a fall-back must be possible whatever state the CAs are in. */
  override switchDefault(ca: AwsPcaCa, from: string, to: string): Promise<void> {
    return asked(ca, async (cas) => {
      const group = await readGroup(cas);
      const { arn } = defaultOf(group, ca);
      if (arn === to) return;
      if (arn !== from) throw defaultMoved(ca, arn, from);
      group.issuer(to);
      await cas.tag(to, RANK_TAG, String(group.highestRank + 1), `make ${to} the default`);
      confirmDefault(await readGroup(cas), ca, to);
    });
  }

  /** AWS knows no roles. */
  override async moveRole(): Promise<void> {}

  /** AWS deletes for good after seven days; until then a person can restore the CA. */
  override withdrawIssuer(ca: AwsPcaCa, name: string): Promise<void> {
    return asked(ca, async (cas) => {
      const group = await readGroup(cas);
      const { arn: kept } = defaultOf(group, ca);
      for (const { arn, authority } of group.named(name)) {
        if (arn === kept) throw isTheDefault(ca, arn, 'delete it');
        if (authority.Status === 'ACTIVE') await bringTo(cas, arn, 'DISABLED');
        await cas.delete(arn);
      }
    });
  }

  override async outstanding(): Promise<OutstandingLeaves> {
    const unknown = 'AWS Private CA does not list what it issued (only its audit reports do)';
    return { leaves: [], unknown, longestTtlSeconds: null };
  }

  /** Throws `ca.no-crl`: AWS writes CRLs into a bucket of the customer's, and to read that takes rights of its own. */
  override async crl(ca: AwsPcaCa, issuerId: string): Promise<string> {
    throw noCrl(ca, issuerId);
  }

  /** The status is looked at first: what is refused here is never half made there. */
  override issueLeaf(
    ca: AwsPcaCa,
    request: { issuerId: string | null; commonName: string; ttlSeconds: number },
  ): Promise<IssuedLeaf> {
    return asked(ca, async (cas) => {
      const group = await readGroup(cas);
      const { issuerId } = request;
      const { arn, authority } = issuerId === null ? defaultOf(group, ca) : group.issuer(issuerId);
      if (authority.Status !== 'ACTIVE') throw disabled(ca, arn);
      const { csrPem, privateKey } = await newLeafRequest(request.commonName);
      const { certificatePem, chainPem } = await cas.issue(arn, authority.CertificateAuthorityConfiguration, {
        ...{ csrPem, template: LEAF_TEMPLATE, idempotencyToken: freshToken() },
        notAfter: Date.now() + request.ttlSeconds * 1000,
      });
      const issuerPem = await cas.certificateOf(arn);
      return { certificatePem, chainPem: intermediates(certificatesIn(chainPem)), privateKey, issuerPem };
    });
  }
}

async function asked<Answer>(ca: AwsPcaCa, question: (cas: PrivateCas) => Promise<Answer>): Promise<Answer> {
  const cas = new PrivateCas(ca);
  try {
    return await question(cas);
  } finally {
    cas.close();
  }
}

function defaultOf(group: CaGroup, ca: AwsPcaCa): Member {
  const found = group.default;
  if (found === null) throw noDefaultIssuer(ca);
  return found;
}

/** Tags know no compare-and-set, so reading back is what shows that nobody interfered. */
function confirmDefault(group: CaGroup, ca: AwsPcaCa, expected: string): void {
  const found = group.default?.arn ?? '';
  if (found !== expected) throw defaultMoved(ca, found, expected);
}

/** Writes only what is missing, and believes only what is read back. */
async function bringTo(cas: PrivateCas, arn: string, wanted: 'ACTIVE' | 'DISABLED') {
  const before = await cas.describe(arn);
  if (before.Status === wanted) return before;
  await cas.setStatus(arn, wanted);
  const after = await cas.describe(arn);
  if (after.Status !== wanted) throw statusStays(cas.place, arn, String(after.Status), wanted);
  return after;
}

async function asIssuer(cas: PrivateCas, { arn, name, authority }: Member): Promise<Issuer> {
  const certificatePem = await cas.certificateOf(arn);
  const issues = authority.Status === 'ACTIVE';
  return {
    id: arn,
    name,
    certificatePem,
    usage: issues ? ['crl-signing', 'issuing-certificates'] : ['crl-signing'],
  };
}

/** Writes the tag that is there once more: who may not switch must be refused before the first host is touched. */
async function proveSwitch(cas: PrivateCas, { arn, rank }: Member): Promise<void> {
  await cas.tag(arn, RANK_TAG, String(rank), `change the default`);
}

/** Asks a CA that may not issue for a leaf: only who has the right gets as far as that refusal. */
async function proveIssuing(cas: PrivateCas, arn: string): Promise<void> {
  try {
    const { csrPem } = await newLeafRequest('windlass');
    await cas.issue(arn, (await cas.describe(arn)).CertificateAuthorityConfiguration, {
      ...{ csrPem, template: LEAF_TEMPLATE, idempotencyToken: freshToken() },
      notAfter: Date.now() + TRIAL_SECONDS * 1000,
    });
  } catch (error) {
    if (error instanceof PortError && error.problem.code === 'ca.denied') throw error;
  }
}

function certificatesIn(pem: string): readonly string[] {
  return pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
}
