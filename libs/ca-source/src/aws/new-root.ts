import { createHash, randomUUID, X509Certificate } from 'node:crypto';
import type { CertificateAuthority, RevocationConfiguration } from '@aws-sdk/client-acm-pca';
import type { NewIssuer } from '#engine';
import { cutShortTo } from '../issued-certificates.js';
import { readGroup } from './ca-group.js';
import { GROUP_TAG, NAME_TAG } from './group-tags.js';
import type { PrivateCas } from './private-cas.js';
import { deletedLately, foreignIssuer, severalOfName, validityCut } from './refusals.js';

/**
 * The CA of the name, created as `model` is when there is none: key, signature, usage mode and revocation. Its key
 * stays in AWS. Returns its ARN.
 */
export async function findOrCreate(
  cas: PrivateCas,
  request: NewIssuer,
  model: CertificateAuthority,
): Promise<string> {
  const { place } = cas;
  const found = (await readGroup(cas)).named(request.name).map(({ arn }) => arn);
  if (found.length > 1) throw severalOfName(place, request.name, found);
  if (found[0] !== undefined) return found[0];
  const { UsageMode, KeyStorageSecurityStandard } = model;
  const { KeyAlgorithm, SigningAlgorithm } = model.CertificateAuthorityConfiguration ?? {};
  const arn = await cas.create(
    {
      CertificateAuthorityType: 'ROOT',
      CertificateAuthorityConfiguration: {
        KeyAlgorithm,
        SigningAlgorithm,
        Subject: { CommonName: request.commonName },
      },
      ...revocationLike(model),
      ...(UsageMode && { UsageMode }),
      ...(KeyStorageSecurityStandard && { KeyStorageSecurityStandard }),
      IdempotencyToken: tokenOf(place.group, request.name),
      Tags: [
        { Key: GROUP_TAG, Value: place.group },
        { Key: NAME_TAG, Value: request.name },
      ],
    },
    `create CA ${request.name}`,
  );
  if ((await cas.describe(arn)).Status === 'DELETED') throw deletedLately(place, arn);
  return arn;
}

/** Signs the CA by itself and gives it that certificate, unless it has one. Leaves alone what is not of this rotation. */
export async function complete(cas: PrivateCas, arn: string, request: NewIssuer): Promise<void> {
  const { Status, CertificateAuthorityConfiguration: configuration } = await cas.describe(arn);
  const found = configuration?.Subject?.CommonName ?? '';
  if (found !== request.commonName) throw foreignIssuer(cas.place, arn, found, request.commonName);
  if (Status !== 'PENDING_CERTIFICATE' && Status !== 'CREATING') return;
  const csrPem = await cas.csr(arn);
  const { certificatePem } = await cas.issue(arn, configuration, {
    csrPem,
    template: 'RootCACertificate/V1',
    notAfter: Date.now() + request.ttlSeconds * 1000,
    idempotencyToken: tokenOf(arn, request.name),
  });
  await cas.install(arn, certificatePem);
}

export function refuseShortLived(cas: PrivateCas, arn: string, pem: string, { ttlSeconds }: NewIssuer): void {
  const seconds = cutShortTo(new X509Certificate(pem), ttlSeconds);
  if (seconds !== null) throw validityCut(cas.place, arn, seconds, ttlSeconds);
}

/** For a leaf, of which every one is a new one. */
export function freshToken(): string {
  return randomUUID();
}

/** A repetition after a lost reply must be known as one (F44); 36 characters at most. */
function tokenOf(...words: readonly string[]): string {
  return createHash('sha256').update(words.join('\n')).digest('hex').slice(0, 32);
}

/** A configuration that switches something off must hold nothing else, or AWS refuses it. */
function revocationLike({ RevocationConfiguration: model }: CertificateAuthority) {
  if (model === undefined) return {};
  const { CrlConfiguration: crl, OcspConfiguration: ocsp } = model;
  const configuration: RevocationConfiguration = {
    ...(crl && { CrlConfiguration: crl.Enabled ? crl : { Enabled: false } }),
    ...(ocsp && { OcspConfiguration: ocsp.Enabled ? ocsp : { Enabled: false } }),
  };
  return { RevocationConfiguration: configuration };
}
