import { X509Certificate } from 'node:crypto';
import { anchorsOf, type BundleCertificate, lintBundle, parseBundle } from '#trust';
import { capitalised } from '../perform/capitalised.js';
import type { Ports } from '../perform/context.js';
import { caCertificate, caLabel, checkNewCa, parentsOf } from '../perform/issuer-certificate.js';
import type { UploadCa } from '../ports/ca-source.js';
import type { ProbeIdentity } from '../ports/probe.js';
import { PortError } from '../ports/problem.js';
import type { NewUploadedCa, UploadedCa, UploadedCas } from '../ports/uploaded-cas.js';
import { takeCrls } from './given-crls.js';

/** What a person brings of a CA: its certificate, and one client with which the hosts are probed. */
export interface BroughtCa {
  readonly certificatePem: string;
  readonly probe: ProbeIdentity;
  readonly crlPem?: string | undefined;
}

/** Longer than any chain; the depth of the hosts is found out on the hosts. */
const ANY_DEPTH = 9;

/**
 * Judges a CA that a person brings, as preflight judges one that Vault made (F22), so that what is wrong is said to
 * who can put it right. Throws PortError `ca.no-certificate`, `ca.not-a-ca`, `ca.expired`, `ca.unusable-key`,
 * `ca.already-trusted`, `ca.not-self-signed`, `ca.unusable`, `ca.not-in-bundle`, `ca.probe-refused`, `crl.unusable`,
 * each of which names the certificate.
 */
export class CaUploads {
  constructor(
    private readonly ports: Pick<Ports, 'fleets' | 'verifier' | 'clock'> & { readonly uploads: UploadedCas },
  ) {}

  /** The CA of today: it must be in the bundle that the hosts serve. */
  async takeFirst(ca: UploadCa, brought: BroughtCa, bundlePem: string): Promise<NewUploadedCa> {
    const certificate = this.readable(ca, brought);
    const anchors = anchorsOf(parseBundle(bundlePem));
    if (!anchors.some(({ fingerprint }) => fingerprint === certificate.fingerprint)) {
      throw notInBundle(ca, certificate);
    }
    return this.withProbe(ca, brought, certificate);
  }

  /**
   * A new CA for the next rotation of the fleet; of one that is known, a new client. Throws `fleet.not-found` and
   * `ca.not-uploaded` as well.
   */
  async upload(fleetId: string, brought: BroughtCa): Promise<UploadedCa> {
    const { ca, generation } = await this.fleetWithUploads(fleetId);
    const certificate = this.readable(ca, brought);
    const known = await this.ports.uploads.list(ca.id);
    const current = known.find(({ state }) => state === 'current');
    if (current === undefined || !sameCertificate(current.certificatePem, certificate)) {
      const anchors = anchorsOf(parseBundle(generation.content));
      const expected = { fingerprint: null, anchors, now: this.ports.clock.now() };
      checkNewCa(certificate, issuerOf(brought), ca, expected);
      parentsOf(certificate, issuerOf(brought), ca, anchors);
    }
    return this.ports.uploads.add(ca.id, await this.withProbe(ca, brought, certificate));
  }

  /** Oldest first. Throws PortError `fleet.not-found`, `ca.not-uploaded`. */
  async list(fleetId: string): Promise<readonly UploadedCa[]> {
    return this.ports.uploads.list((await this.fleetWithUploads(fleetId)).ca.id);
  }

  private async fleetWithUploads(fleetId: string) {
    const { issuingCa: ca, generation, name } = await this.ports.fleets.fleet(fleetId);
    if (ca.kind !== 'upload') throw notUploaded(name, caLabel(ca));
    return { ca, generation };
  }

  /** One certificate of a CA, and nothing in it by which nginx would refuse its clients. */
  private readable(ca: UploadCa, brought: BroughtCa): BundleCertificate {
    const certificate = caCertificate(issuerOf(brought), ca);
    const findings = lintBundle(parseBundle(certificate.pem), this.ports.clock.now());
    // Who issued it and until when is judged in words of its own, where that is known.
    const error = findings.find(({ severity, code }) => severity === 'error' && !JUDGED_APART.has(code));
    if (error === undefined) return certificate;
    throw new PortError({
      code: 'ca.unusable',
      message: `nginx would refuse every client of ${certificate.subject} (${caLabel(ca)}): ${error.message}.`,
      nextStep: `${capitalised(error.nextStep)}.`,
    });
  }

  private async withProbe(
    ca: UploadCa,
    { probe, crlPem }: BroughtCa,
    certificate: BundleCertificate,
  ): Promise<NewUploadedCa> {
    const { pem, subject, fingerprint } = certificate;
    const crl = crlPem === undefined ? {} : { crlPem };
    if (crlPem !== undefined) takeCrls(crlPem, [certificate], this.ports.clock.now());
    const question = { bundlePem: pem, trustedPem: '', depth: ANY_DEPTH };
    const leafPem = probe.certificatePem;
    const verdict = await this.ports.verifier.verify({ ...question, leafPem, sentPem: probe.chainPem });
    if (verdict.verdict === 'accepted') return { certificatePem: pem, fingerprint, probe, ...crl };
    const leaf = new X509Certificate(leafPem).subject.split('\n').reverse().join(',');
    throw new PortError({
      code: 'ca.probe-refused',
      message: `nginx would refuse the client ${leaf} as one of ${subject} (${caLabel(ca)}): ${verdict.cause}.`,
      nextStep:
        'Upload a client certificate that this CA issued for TLS clients and that is in date, with the intermediates between the two in chainPem.',
    });
  }
}

const JUDGED_APART = new Set(['anchor.no-root', 'anchor.expired']);

function issuerOf({ certificatePem }: BroughtCa) {
  return { id: 'uploaded', name: 'just brought', certificatePem, usage: [] };
}

function sameCertificate(pem: string, { fingerprint }: BundleCertificate): boolean {
  return parseBundle(pem).certificates[0]?.fingerprint === fingerprint;
}

function notInBundle(ca: UploadCa, { subject }: BundleCertificate): PortError {
  return new PortError({
    code: 'ca.not-in-bundle',
    message: `The CA of today, ${subject} (${caLabel(ca)}), is not an anchor of the bundle that the hosts serve.`,
    nextStep: 'Give the bundle that the hosts really serve, or the root in it that clients come from.',
  });
}

function notUploaded(fleet: string, label: string): PortError {
  return new PortError({
    code: 'ca.not-uploaded',
    message: `Fleet ${fleet} gets its CA from the ${label}, where Windlass makes a new one itself.`,
    nextStep: 'Start a rotation: POST /v1/rotations.',
  });
}
