import type { CertificateAuthority } from '@aws-sdk/client-acm-pca';
import pLimit from 'p-limit';
import { GROUP_TAG, NAME_TAG, RANK_TAG } from './group-tags.js';
import type { PrivateCas } from './private-cas.js';
import { noSuchMember, twoDefaults } from './refusals.js';

/** Requests at once while an account with many CAs is read; AWS allows 20 ListTags a second. */
const PARALLELISM = 4;

/** One CA of the group. */
export interface Member {
  readonly arn: string;
  /** As this or an earlier rotation named it, else empty. */
  readonly name: string;
  /** `windlass-default`: the highest of the group is the default's. Null without that tag. */
  readonly rank: number | null;
  readonly authority: CertificateAuthority;
}

/** All CAs of a group as they were when it was read, in the order of their ARNs. */
export class CaGroup {
  constructor(
    private readonly cas: PrivateCas,
    readonly members: readonly Member[],
  ) {}

  /** What has a certificate and can be made to issue. */
  get issuers(): readonly Member[] {
    return this.members.filter(({ authority }) => /^(ACTIVE|DISABLED)$/.test(authority.Status ?? ''));
  }

  /** Null when there is none that can issue. Throws `ca.changed-by-others` when there are two. */
  get default(): Member | null {
    const rank = this.highestRank;
    const [first, second] = this.members.filter((member) => rank > 0 && member.rank === rank);
    if (first && second) throw twoDefaults(this.cas.place, first.arn, second.arn);
    return first && this.issuers.includes(first) ? first : null;
  }

  get highestRank(): number {
    return Math.max(0, ...this.members.map(({ rank }) => rank ?? 0));
  }

  named(name: string): readonly Member[] {
    return this.members.filter((member) => member.name === name);
  }

  /** Throws `ca.unknown-issuer`. */
  issuer(arn: string): Member {
    const found = this.issuers.find((member) => member.arn === arn);
    if (!found) throw noSuchMember(this.cas.place, arn);
    return found;
  }
}

/** Reads the tags of every CA of the account: AWS Private CA lists CAs without them. */
export async function readGroup(cas: PrivateCas): Promise<CaGroup> {
  const { account, group } = cas.place;
  const there = (await cas.list()).filter(
    ({ Arn, Status }) => Arn?.split(':')[4] === account && Status !== 'DELETED' && Status !== 'FAILED',
  );
  const members = await pLimit(PARALLELISM).map(there, async (authority): Promise<Member[]> => {
    const arn = authority.Arn ?? '';
    const tags = await cas.tags(arn);
    if (tags.get(GROUP_TAG) !== group) return [];
    return [{ arn, name: tags.get(NAME_TAG) ?? '', rank: rankIn(tags), authority }];
  });
  return new CaGroup(
    cas,
    members.flat().sort((one, other) => (one.arn < other.arn ? -1 : 1)),
  );
}

function rankIn(tags: ReadonlyMap<string, string>): number | null {
  const text = tags.get(RANK_TAG) ?? '';
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : null;
}
