import { setTimeout as sleep } from 'node:timers/promises';
import {
  ACMPCAClient,
  type ACMPCAClientConfig,
  type CertificateAuthority,
  type CertificateAuthorityConfiguration,
  CreateCertificateAuthorityCommand,
  type CreateCertificateAuthorityCommandInput,
  DeleteCertificateAuthorityCommand,
  DescribeCertificateAuthorityCommand,
  GetCertificateAuthorityCertificateCommand,
  GetCertificateAuthorityCsrCommand,
  GetCertificateCommand,
  ImportCertificateAuthorityCertificateCommand,
  IssueCertificateCommand,
  ListCertificateAuthoritiesCommand,
  ListTagsCommand,
  RequestInProgressException,
  TagCertificateAuthorityCommand,
  UpdateCertificateAuthorityCommand,
} from '@aws-sdk/client-acm-pca';
import { type AwsPcaCa, PortError } from '#engine';
import { type AwsQuestion, explainFailure, nameOf } from './aws-failure.js';

const CONNECT_MILLISECONDS = 5_000;
const ANSWER_MILLISECONDS = 10_000;
/** AWS issues within seconds; a CSR of a new CA takes as long as its key. */
const READY_MILLISECONDS = 60_000;
const POLL_MILLISECONDS = 500;

/** The least that AWS allows, in days: until then a person can restore the CA. */
const RESTORABLE_DAYS = 7;

export interface CertificateRequest {
  readonly csrPem: string;
  /** Name of a template below `template/`, such as `RootCACertificate/V1`. */
  readonly template: string;
  /** Milliseconds since the epoch. */
  readonly notAfter: number;
  /** At most 36 characters; the same one within five minutes makes no second certificate. */
  readonly idempotencyToken: string;
}

/**
 * The single requests to AWS Private CA, each as its API reference documents it; sequences are AwsCaSource's. What
 * the client throws never leaves this file. Made for one port call and closed after it.
 */
export class PrivateCas {
  private readonly reads: ACMPCAClient;
  /** Sends everything once: a lost reply has the whole port call repeated, which looks at what is there first (F44). */
  private readonly writes: ACMPCAClient;

  constructor(readonly place: AwsPcaCa) {
    const { region, endpoint, accessKey } = place;
    const configuration: ACMPCAClientConfig = {
      region,
      ...(endpoint === null ? {} : { endpoint }),
      ...(accessKey && {
        credentials: { accessKeyId: accessKey.id, secretAccessKey: accessKey.secret.reveal() },
      }),
      requestHandler: { connectionTimeout: CONNECT_MILLISECONDS, requestTimeout: ANSWER_MILLISECONDS },
    };
    this.reads = new ACMPCAClient(configuration);
    this.writes = new ACMPCAClient({ ...configuration, maxAttempts: 1 });
  }

  close(): void {
    this.reads.destroy();
    this.writes.destroy();
  }

  /** Every CA of the account in this region, deleted ones that can be restored among them. */
  async list(): Promise<readonly CertificateAuthority[]> {
    const question = { action: 'ListCertificateAuthorities', purpose: 'list the CAs' };
    const found: CertificateAuthority[] = [];
    let next: string | undefined;
    do {
      const command = new ListCertificateAuthoritiesCommand({ ResourceOwner: 'SELF', ...pageAt(next) });
      const page = await this.ask(question, () => this.reads.send(command));
      found.push(...(page.CertificateAuthorities ?? []));
      next = page.NextToken;
    } while (next);
    return found;
  }

  async tags(arn: string): Promise<ReadonlyMap<string, string>> {
    const question = { action: 'ListTags', purpose: `read the tags of ${arn}` };
    const tags = new Map<string, string>();
    let next: string | undefined;
    do {
      const command = new ListTagsCommand({ CertificateAuthorityArn: arn, ...pageAt(next) });
      const page = await this.ask(question, () => this.reads.send(command));
      for (const { Key, Value } of page.Tags ?? []) tags.set(String(Key), Value ?? '');
      next = page.NextToken;
    } while (next);
    return tags;
  }

  /** One write: a key that is there gets the new value. */
  async tag(arn: string, key: string, value: string, purpose: string): Promise<void> {
    const command = new TagCertificateAuthorityCommand({
      CertificateAuthorityArn: arn,
      Tags: [{ Key: key, Value: value }],
    });
    await this.ask({ action: 'TagCertificateAuthority', purpose }, () => this.writes.send(command));
  }

  async describe(arn: string): Promise<CertificateAuthority> {
    const question = { action: 'DescribeCertificateAuthority', purpose: `read ${arn}` };
    const command = new DescribeCertificateAuthorityCommand({ CertificateAuthorityArn: arn });
    const { CertificateAuthority } = await this.ask(question, () => this.reads.send(command));
    return this.given(CertificateAuthority, question);
  }

  async create(input: CreateCertificateAuthorityCommandInput, purpose: string): Promise<string> {
    const question = { action: 'CreateCertificateAuthority', purpose };
    const command = new CreateCertificateAuthorityCommand(input);
    const { CertificateAuthorityArn } = await this.ask(question, () => this.writes.send(command));
    return this.given(CertificateAuthorityArn, question);
  }

  /** Waits until the key was made. */
  async csr(arn: string): Promise<string> {
    const question = { action: 'GetCertificateAuthorityCsr', purpose: `read the CSR of ${arn}` };
    const command = new GetCertificateAuthorityCsrCommand({ CertificateAuthorityArn: arn });
    const { Csr } = await this.ask(question, () => whenReady(() => this.reads.send(command)));
    return this.given(Csr, question);
  }

  async certificateOf(arn: string): Promise<string> {
    const question = {
      action: 'GetCertificateAuthorityCertificate',
      purpose: `read the certificate of ${arn}`,
    };
    const command = new GetCertificateAuthorityCertificateCommand({ CertificateAuthorityArn: arn });
    const { Certificate } = await this.ask(question, () => this.reads.send(command));
    return pem(this.given(Certificate, question));
  }

  /** Takes a CA from PENDING_CERTIFICATE to ACTIVE. */
  async install(arn: string, certificatePem: string): Promise<void> {
    const question = {
      action: 'ImportCertificateAuthorityCertificate',
      purpose: `give ${arn} its certificate`,
    };
    const command = new ImportCertificateAuthorityCertificateCommand({
      CertificateAuthorityArn: arn,
      Certificate: Buffer.from(certificatePem),
    });
    await this.ask(question, () => this.writes.send(command));
  }

  async setStatus(arn: string, status: 'ACTIVE' | 'DISABLED'): Promise<void> {
    const question = { action: 'UpdateCertificateAuthority', purpose: `make ${arn} ${status}` };
    const command = new UpdateCertificateAuthorityCommand({ CertificateAuthorityArn: arn, Status: status });
    await this.ask(question, () => this.writes.send(command));
  }

  async delete(arn: string): Promise<void> {
    const question = { action: 'DeleteCertificateAuthority', purpose: `delete ${arn}` };
    const command = new DeleteCertificateAuthorityCommand({
      CertificateAuthorityArn: arn,
      PermanentDeletionTimeInDays: RESTORABLE_DAYS,
    });
    await this.ask(question, () => this.writes.send(command));
  }

  /** Signed as the CA signs; AWS makes certificates in the background, so this waits for it. */
  async issue(
    arn: string,
    configuration: CertificateAuthorityConfiguration | undefined,
    request: CertificateRequest,
  ): Promise<{ readonly certificatePem: string; readonly chainPem: string }> {
    const partition = arn.split(':')[1];
    const issuing = { action: 'IssueCertificate', purpose: `issue a certificate from ${arn}` };
    const command = new IssueCertificateCommand({
      CertificateAuthorityArn: arn,
      Csr: Buffer.from(request.csrPem),
      SigningAlgorithm: configuration?.SigningAlgorithm,
      TemplateArn: `arn:${partition}:acm-pca:::template/${request.template}`,
      Validity: { Type: 'ABSOLUTE', Value: Math.floor(request.notAfter / 1000) },
      IdempotencyToken: request.idempotencyToken,
    });
    const { CertificateArn } = await this.ask(issuing, () => this.writes.send(command));
    const reading = { action: 'GetCertificate', purpose: `read a certificate of ${arn}` };
    const get = new GetCertificateCommand({ CertificateAuthorityArn: arn, CertificateArn });
    const issued = await this.ask(reading, () => whenReady(() => this.reads.send(get)));
    return {
      certificatePem: pem(this.given(issued.Certificate, reading)),
      chainPem: issued.CertificateChain ?? '',
    };
  }

  private async ask<Reply>(question: AwsQuestion, send: () => Promise<Reply>): Promise<Reply> {
    try {
      return await send();
    } catch (thrown) {
      // No `cause`: it would carry what was sent along.
      throw explainFailure(thrown, question, this.place);
    }
  }

  private given<Value>(value: Value | undefined, { action, purpose }: AwsQuestion): Value {
    if (value !== undefined) return value;
    throw new PortError({
      code: 'ca.failed',
      message: `${nameOf(this.place)} gave a reply that lacks what was asked for when asked to ${purpose} (${action})`,
      nextStep: 'Check that the endpoint of the issuing CA is that of AWS Private CA.',
    });
  }
}

function pageAt(next: string | undefined): { NextToken?: string } {
  return next === undefined ? {} : { NextToken: next };
}

function pem(text: string): string {
  return `${text.trim()}\n`;
}

/** Repeats while AWS says that it is not done yet. */
async function whenReady<Reply>(ask: () => Promise<Reply>): Promise<Reply> {
  const deadline = Date.now() + READY_MILLISECONDS;
  for (;;) {
    try {
      return await ask();
    } catch (thrown) {
      if (!(thrown instanceof RequestInProgressException) || Date.now() > deadline) throw thrown;
      await sleep(POLL_MILLISECONDS);
    }
  }
}
