import {
  type BundleCertificate,
  coverAnchors,
  crlsIn,
  type Finding,
  lintCrls,
  type RevocationList,
} from '#trust';
import { capitalised } from '../perform/capitalised.js';
import { PortError } from '../ports/problem.js';

/**
 * Judges CRLs that people hand in for these anchors. Throws PortError `crl.unusable` with what speaks against the first
 * one that is broken, stale, not valid yet, a delta, or of no anchor; `now` in milliseconds since the epoch.
 */
export function takeCrls(
  pem: string,
  anchors: readonly BundleCertificate[],
  now: number,
): readonly RevocationList[] {
  const [fault] = lintCrls(pem, { certificates: [], findings: [] }, now).filter(isError);
  if (fault) throw unusable(fault.message, fault.nextStep);
  const lists = crlsIn(pem);
  const stray = lists.find((list) => coverAnchors(anchors, [list], now).every((one) => one.list === null));
  if (stray === undefined) return lists;
  throw unusable(
    `the CRL of ${stray.issuer} (block ${stray.index}, line ${stray.line}) is signed by no CA that the fleet trusts`,
    'hand in those of the anchors only; the key of an anchor has to have signed it, and a CA of the same name has not',
  );
}

function isError({ severity }: Finding): boolean {
  return severity === 'error';
}

function unusable(what: string, nextStep: string): PortError {
  return new PortError({
    code: 'crl.unusable',
    message: `The CRLs cannot be taken: ${what}.`,
    nextStep: `${capitalised(nextStep)}.`,
  });
}
