import {
  anchorId,
  anchorsOf,
  type BundleCertificate,
  crlsIn,
  parseBundle,
  type RevocationList,
} from '#trust';
import type { CaSource } from '../ports/ca-source.js';
import type { Fleet } from '../ports/fleet-store.js';
import { PortError } from '../ports/problem.js';

/** CRLs that a generation may be made of. */
export interface CrlSources {
  readonly lists: readonly RevocationList[];
  /** Why the issuing CA gave no CRL of one of its issuers, by the {@link anchorId} of that. */
  readonly failures: ReadonlyMap<string, PortError>;
  /** Why the issuing CA could not be asked for its issuers; null when it answered. */
  readonly away: PortError | null;
}

/** Why nobody gave a CRL of this anchor; null where the issuing CA gave one, or answered and has no such issuer. */
export function failureOf(
  { failures, away }: Pick<CrlSources, 'failures' | 'away'>,
  anchor: BundleCertificate,
): PortError | null {
  return failures.get(anchorId(anchor)) ?? away;
}

/**
 * Every CRL that is known for these anchors of the fleet: from its generation of today, from people, from `more`
 * (PEM), and from the issuing CA. Throws no PortError: what lacks is found by whoever needs it.
 */
export async function crlSources(
  ca: Pick<CaSource, 'survey' | 'crl'>,
  { generation, crlsPem, issuingCa }: Pick<Fleet, 'generation' | 'crlsPem' | 'issuingCa'>,
  anchors: readonly BundleCertificate[],
  more: readonly string[] = [],
): Promise<CrlSources> {
  const known = [generation.content, crlsPem, ...more].flatMap(crlsIn);
  const wanted = new Set(anchors.map(anchorId));
  const failures = new Map<string, PortError>();
  try {
    const { issuers } = await ca.survey(issuingCa);
    const ours = issuers.flatMap(({ id, certificatePem }) => {
      const anchor = anchorsOf(parseBundle(certificatePem)).find((one) => wanted.has(anchorId(one)));
      return anchor === undefined ? [] : [{ id, anchor }];
    });
    const given = await Promise.all(
      ours.map(async ({ id, anchor }) => {
        const one = await settled(ca.crl(issuingCa, id));
        if (typeof one === 'string') return one;
        failures.set(anchorId(anchor), one);
        return '';
      }),
    );
    return { lists: [...given.flatMap(crlsIn), ...known], failures, away: null };
  } catch (error) {
    if (error instanceof PortError) return { lists: known, failures, away: error };
    throw error;
  }
}

function settled(crl: Promise<string>): Promise<string | PortError> {
  return crl.catch((error: unknown) => {
    if (error instanceof PortError) return error;
    throw error;
  });
}
