import { type AwsPcaCa, PortError } from '#engine';
import { nameOf } from './aws-failure.js';
import { GROUP_TAG, NAME_TAG, RANK_TAG } from './group-tags.js';

/** What we refuse ourselves, after looking at what is in AWS. Only what says so passes by waiting. */

export function noDefaultIssuer(place: AwsPcaCa): PortError {
  const { group, account, region } = place;
  return new PortError({
    code: 'ca.no-default-issuer',
    message: `${nameOf(place)} has no default issuer: no CA with the tag ${GROUP_TAG}=${group} and the highest ${RANK_TAG} is ACTIVE or DISABLED`,
    nextStep: `Check account ${account} and region ${region} of the issuing CA, then tag the CA that clients get certificates from: aws acm-pca tag-certificate-authority --certificate-authority-arn <arn> --tags Key=${GROUP_TAG},Value=${group} Key=${RANK_TAG},Value=1.`,
  });
}

export function twoDefaults(place: AwsPcaCa, one: string, other: string): PortError {
  return new PortError({
    code: 'ca.changed-by-others',
    message: `two CAs of ${nameOf(place)} have the same highest ${RANK_TAG}, so neither is the default: ${one} and ${other}`,
    nextStep: `Find out who tagged them (CloudTrail: TagCertificateAuthority), give the one that should issue a higher ${RANK_TAG}, then retry.`,
  });
}

export function noCrl(place: AwsPcaCa, arn: string): PortError {
  return new PortError({
    code: 'ca.no-crl',
    message: `the CRL of ${arn} in ${nameOf(place)} lies in an S3 bucket, which Windlass does not read`,
    nextStep:
      'Hand it in with PUT /v1/fleets/<id>/crls. A CA that a rotation makes has none yet: fleets whose hosts check revocation bring in a new CA of AWS with the strategy `replace`, its CRL beside it in the bundle.',
  });
}

/** `found` and `expected` are ARNs. */
export function defaultMoved(place: AwsPcaCa, found: string, expected: string): PortError {
  return new PortError({
    code: 'ca.changed-by-others',
    message: `the default of ${nameOf(place)} is ${found || 'not set'}, expected was ${expected}: somebody else changed it`,
    nextStep: `Find out who did (CloudTrail: TagCertificateAuthority) and which CA should be the default, give it the highest ${RANK_TAG}, then retry.`,
  });
}

export function noSuchMember(place: AwsPcaCa, arn: string): PortError {
  return new PortError({
    code: 'ca.unknown-issuer',
    message: `${nameOf(place)} has no CA ${arn} that has a certificate`,
    nextStep: `List what is there with "aws acm-pca list-certificate-authorities": the CA was deleted, lost its tag ${GROUP_TAG}, or has expired.`,
  });
}

export function disabled(place: AwsPcaCa, arn: string): PortError {
  return new PortError({
    code: 'ca.usage-forbids',
    message: `CA ${arn} of ${nameOf(place)} is DISABLED and may not issue`,
    nextStep: 'Expected for a CA that is staged or on its way out. If it should issue, make it ACTIVE.',
    detail: 'Status: DISABLED (crl-signing stays)',
  });
}

/** AWS answered that it is done; what it says afterwards counts. */
export function statusStays(place: AwsPcaCa, arn: string, status: string, wanted: string): PortError {
  return new PortError({
    code: 'ca.changed-by-others',
    message: `CA ${arn} of ${nameOf(place)} is ${status} after it was made ${wanted}: somebody else changed it`,
    nextStep: 'Find out who did (CloudTrail: UpdateCertificateAuthority), then retry.',
  });
}

export function isTheDefault(place: AwsPcaCa, arn: string, intention: string): PortError {
  return new PortError({
    code: 'ca.changed-by-others',
    message: `CA ${arn} is the default of ${nameOf(place)}; to ${intention} would stop all issuing`,
    nextStep: `Somebody made it the default. Give the CA that should issue the highest ${RANK_TAG}, then retry.`,
  });
}

export function severalOfName(place: AwsPcaCa, name: string, arns: readonly string[]): PortError {
  return new PortError({
    code: 'ca.changed-by-others',
    message: `${arns.length} CAs of ${nameOf(place)} have the tag ${NAME_TAG}=${name}: ${arns.join(' and ')}`,
    nextStep:
      'A rotation makes one. Find out who made the others, take the tag from them or delete them, then retry.',
  });
}

export function foreignIssuer(place: AwsPcaCa, arn: string, found: string, expected: string): PortError {
  return new PortError({
    code: 'ca.changed-by-others',
    message: `CA ${arn} of ${nameOf(place)} is for the common name ${found}, not ${expected}: it was not created by this rotation`,
    nextStep: `Take the tag ${NAME_TAG} from that CA or delete it, or start a rotation under another name.`,
  });
}

/** Within five minutes AWS takes the same request as a repetition and answers with the CA that is deleted by now. */
export function deletedLately(place: AwsPcaCa, arn: string): PortError {
  return new PortError(
    {
      code: 'ca.failed',
      message: `${nameOf(place)} answered with CA ${arn}, which was deleted minutes ago`,
      nextStep: 'A rotation that runs tries again by itself; AWS makes a new one after five minutes.',
    },
    { transient: true },
  );
}

export function validityCut(place: AwsPcaCa, arn: string, seconds: number, wanted: number): PortError {
  return new PortError({
    code: 'ca.failed',
    message: `${nameOf(place)} made CA ${arn} valid for ${seconds} s instead of ${wanted} s`,
    nextStep:
      'Ask for a shorter CA lifetime (caTtlSeconds of the fleet), withdraw this CA, then start again.',
  });
}
