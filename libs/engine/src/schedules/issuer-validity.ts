import type { Validity } from '#schedule';
import { anchorsOf, parseBundle } from '#trust';
import { caLabel } from '../perform/issuer-certificate.js';
import type { CaSource, IssuingCa } from '../ports/ca-source.js';
import { PortError } from '../ports/problem.js';

/** How long the CA that issues now lives. Throws what {@link CaSource.survey} does, and `ca.no-default-issuer`. */
export async function issuerValidity(source: Pick<CaSource, 'survey'>, ca: IssuingCa): Promise<Validity> {
  const { issuers, defaultIssuerId } = await source.survey(ca);
  const issuer = issuers.find(({ id }) => id === defaultIssuerId);
  const [anchor] = anchorsOf(parseBundle(issuer?.certificatePem ?? ''));
  if (anchor) return { notBefore: anchor.notBefore, notAfter: anchor.notAfter };
  throw new PortError({
    code: 'ca.no-default-issuer',
    message: `The certificate of the default issuer of ${caLabel(ca)} cannot be read.`,
    nextStep: 'Look at the default issuer there.',
  });
}
