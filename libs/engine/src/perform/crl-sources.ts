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
  /** Why the issuing CA gave less than it should have; null when it gave all. */
  readonly failure: PortError | null;
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
  try {
    const { issuers } = await ca.survey(issuingCa);
    const ours = issuers.filter(({ certificatePem }) =>
      anchorsOf(parseBundle(certificatePem)).some((one) => wanted.has(anchorId(one))),
    );
    const given = await Promise.all(ours.map(({ id }) => settled(ca.crl(issuingCa, id))));
    const failures = given.filter((one) => one instanceof PortError);
    const texts = given.filter((one) => typeof one === 'string');
    return { lists: [...texts.flatMap(crlsIn), ...known], failure: failures[0] ?? null };
  } catch (error) {
    if (error instanceof PortError) return { lists: known, failure: error };
    throw error;
  }
}

function settled(crl: Promise<string>): Promise<string | PortError> {
  return crl.catch((error: unknown) => {
    if (error instanceof PortError) return error;
    throw error;
  });
}
