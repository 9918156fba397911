import { randomUUID } from 'node:crypto';
import {
  ACMPCAClient,
  CreateCertificateAuthorityCommand,
  GetCertificateAuthorityCsrCommand,
  GetCertificateCommand,
  ImportCertificateAuthorityCertificateCommand,
  IssueCertificateCommand,
  TagCertificateAuthorityCommand,
} from '@aws-sdk/client-acm-pca';
import { type AwsPcaCa, Secret } from '#engine';
import type { TestAws } from '../kit/moto.js';

export const REGION = 'eu-central-1';
/** The one that moto gives to whoever comes without one of its own. */
export const ACCOUNT = '123456789012';

/** Somebody else's way to the same CAs, past the code under test. */
export function othersClient(address: string): ACMPCAClient {
  const credentials = { accessKeyId: 'AKIAOTHERSOTHERS', secretAccessKey: 'others' };
  return new ACMPCAClient({ region: REGION, endpoint: address, credentials });
}

export interface TestGroup {
  readonly ca: AwsPcaCa;
  readonly oldId: string;
}

/** A group of its own, whose default is a root as the documentation has people make it. */
export async function newGroup(address: string, key?: AwsPcaCa['accessKey']): Promise<TestGroup> {
  const group = `clients-${randomUUID().slice(0, 8)}`;
  const ca: AwsPcaCa = {
    ...{ kind: 'aws-pca', id: group, region: REGION, account: ACCOUNT, group, endpoint: address },
    accessKey: key ?? { id: `AKIA${randomUUID().slice(0, 8)}`, secret: new Secret(`secret-${randomUUID()}`) },
  };
  const oldId = await newRootOfOthers(address, 'Old CA', {
    'windlass-group': group,
    'windlass-default': '1',
  });
  return { ca, oldId };
}

/** A root that is ACTIVE and carries the tags. Returns its ARN. */
export async function newRootOfOthers(
  address: string,
  commonName: string,
  tags: Readonly<Record<string, string>>,
): Promise<string> {
  const aws = othersClient(address);
  const { CertificateAuthorityArn } = await aws.send(
    new CreateCertificateAuthorityCommand({
      CertificateAuthorityType: 'ROOT',
      CertificateAuthorityConfiguration: {
        ...{ KeyAlgorithm: 'RSA_2048', SigningAlgorithm: 'SHA256WITHRSA' },
        Subject: { CommonName: commonName },
      },
    }),
  );
  const { Csr } = await aws.send(new GetCertificateAuthorityCsrCommand({ CertificateAuthorityArn }));
  const { CertificateArn } = await aws.send(
    new IssueCertificateCommand({
      CertificateAuthorityArn,
      Csr: Buffer.from(Csr ?? ''),
      SigningAlgorithm: 'SHA256WITHRSA',
      TemplateArn: 'arn:aws:acm-pca:::template/RootCACertificate/V1',
      Validity: { Type: 'DAYS', Value: 365 },
    }),
  );
  const { Certificate } = await aws.send(
    new GetCertificateCommand({ CertificateAuthorityArn, CertificateArn }),
  );
  await aws.send(
    new ImportCertificateAuthorityCertificateCommand({
      CertificateAuthorityArn,
      Certificate: Buffer.from(Certificate ?? ''),
    }),
  );
  await tagByOthers(address, CertificateAuthorityArn ?? '', tags);
  return CertificateAuthorityArn ?? '';
}

export async function tagByOthers(
  address: string,
  arn: string,
  tags: Readonly<Record<string, string>>,
): Promise<void> {
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  await othersClient(address).send(
    new TagCertificateAuthorityCommand({ CertificateAuthorityArn: arn, Tags }),
  );
}

/** Has moto check signatures and policies from now on, or no more. */
export async function judge({ address }: Pick<TestAws, 'address'>, yes: boolean): Promise<void> {
  const body = yes ? '0' : '1000000';
  const { status } = await fetch(`${address}/moto-api/reset-auth`, { method: 'POST', body });
  if (status !== 200) throw new Error(`moto answered ${status}`);
}
