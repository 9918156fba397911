import type { Revocation } from '#engine';
import {
  anchorsOf,
  coverAnchors,
  coverageFindings,
  crlsIn,
  digestOf,
  type Finding,
  lintBundle,
  parseBundle,
} from '#trust';
import { RequestFault } from '../http/request-fault.js';

/** What the hosts serve, taken as it is: their digests are compared with the digest of this very text. */
export interface GivenBundle {
  readonly content: string;
  readonly digest: string;
  readonly marker: null;
  readonly warnings: readonly Finding[];
}

/**
 * Judges a bundle that hosts are said to serve. Throws RequestFault `bundle.unusable` with everything that speaks
 * against it. `now` in milliseconds since the epoch. Where the fleet checks revocation by CRLs, they stand in it.
 */
export function takeBundle(content: string, now: number, revocation: Revocation = 'none'): GivenBundle {
  const bundle = parseBundle(content);
  const findings = [...lintBundle(bundle, now).filter(isOf(revocation)), ...replaced(content)];
  if (revocation === 'crl') {
    findings.push(...coverageFindings(coverAnchors(anchorsOf(bundle), crlsIn(content), now), now));
  }
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw unusable(errors, findings);
  return { content, digest: digestOf(content), marker: null, warnings: findings };
}

/** That a CRL stands in a bundle is what such a fleet is for. */
function isOf(revocation: Revocation): (finding: Finding) => boolean {
  return ({ code }) => revocation === 'none' || code !== 'block.crl';
}

/** JSON cannot carry other bytes than UTF-8; a client that read Latin-1 has sent another text than the file. */
function replaced(content: string): Finding[] {
  if (!content.includes('\uFFFD')) return [];
  return [
    {
      code: 'bundle.not-utf8',
      severity: 'error',
      message:
        'the bundle holds U+FFFD, so its bytes were not UTF-8 and what was sent is not what the hosts have',
      nextStep: 'take comments with such characters out of the file on the hosts, then send it again',
    },
  ];
}

function unusable(errors: readonly Finding[], findings: readonly Finding[]): RequestFault {
  const [first] = errors;
  const others = errors.length > 1 ? `, and ${errors.length - 1} more` : '';
  return new RequestFault(
    'bundle.unusable',
    `The bundle cannot be taken: ${first?.message ?? ''}${others}.`,
    first?.nextStep ?? 'Correct what findings[] names.',
    {
      errors: errors.map(({ message }) => ({ pointer: '#/bundlePem', detail: message })),
      findings,
    },
  );
}
