import { X509Certificate } from 'node:crypto';
import {
  CaSource,
  type CaSurvey,
  type IssuedLeaf,
  type Issuer,
  type OutstandingLeaves,
  PortError,
  type UploadCa,
  type UploadedCa,
  type UploadedCas,
} from '#engine';

/**
 * Any CA that Windlass cannot drive (EJBCA, step-ca, OpenSSL): what people brought of it. Nothing is created and
 * nothing is issued here. The default is the CA of which it was last said that clients get certificates from it; the
 * switch itself is a person's, and `byHand` in the survey says so.
 */
export class UploadCaSource extends CaSource<UploadCa> {
  constructor(private readonly uploads: UploadedCas) {
    super();
  }

  override async survey({ id }: UploadCa): Promise<CaSurvey> {
    const cas = await this.uploads.list(id);
    return {
      product: 'uploaded CA',
      defaultIssuerId: cas.find(({ state }) => state === 'current')?.id ?? '',
      ...{ defaultFollowsLatest: false, roles: [], byHand: true },
      issuers: cas.map((ca) => asIssuer(ca, ca.state === 'current')),
    };
  }

  /** Throws `ca.nothing-uploaded`. Whose name and lifetime it has was decided where it was made. */
  override async prepareIssuer(ca: UploadCa): Promise<Issuer> {
    const next = (await this.uploads.list(ca.id)).find(({ state }) => state === 'next');
    if (next) return asIssuer(next, false);
    throw new PortError({
      code: 'ca.nothing-uploaded',
      message: `There is no new CA to bring to the fleet: none was uploaded for ${ca.name} since the last rotation`,
      nextStep: `Make a root with a key of its own at ${ca.name}, then upload its certificate and one client of it: POST /v1/fleets/<id>/uploaded-cas.`,
    });
  }

  /** Says what was asked for: nobody here can give or take anything. */
  override async setIssuing(ca: UploadCa, issuerId: string, allowed: boolean): Promise<Issuer> {
    return asIssuer(await this.find(ca, issuerId), allowed);
  }

  override async switchDefault(ca: UploadCa, from: string, to: string): Promise<void> {
    const current = await this.uploads.makeCurrent(ca.id, from, to);
    if (current === to) return;
    throw new PortError({
      code: 'ca.changed-by-others',
      message: `The current CA of ${ca.name} is ${current}, and neither ${from} nor ${to}`,
      nextStep: 'Find out who rotated it meanwhile, then retry.',
    });
  }

  /** It has none. */
  override async moveRole(): Promise<void> {}

  /** What was uploaded waits for the next try. */
  override async withdrawIssuer(): Promise<void> {}

  override async outstanding(ca: UploadCa): Promise<OutstandingLeaves> {
    const unknown = `Windlass cannot ask ${ca.name} what it issued`;
    return { leaves: [], unknown, longestTtlSeconds: null };
  }

  /** What was brought last, whatever life is left in it. Throws `ca.no-crl`. */
  override async crl(ca: UploadCa, issuerId: string): Promise<string> {
    const uploaded = await this.find(ca, issuerId);
    if (uploaded.crlPem !== null) return uploaded.crlPem;
    throw new PortError({
      code: 'ca.no-crl',
      message: `No CRL of ${nameOf(uploaded)} was uploaded for ${ca.name}`,
      nextStep: 'Upload the same CA with crlPem, or hand its CRL in: PUT /v1/fleets/<id>/crls.',
    });
  }

  /** The client that was uploaded, whatever is asked for. Throws `ca.probe-expired`. */
  override async issueLeaf(ca: UploadCa, { issuerId }: { issuerId: string | null }): Promise<IssuedLeaf> {
    const uploaded = await this.find(ca, issuerId);
    const { probe, certificatePem: issuerPem } = uploaded;
    const { subject, validTo } = new X509Certificate(probe.certificatePem);
    if (Date.parse(validTo) > Date.now()) return { ...probe, issuerPem };
    throw new PortError({
      code: 'ca.probe-expired',
      message: `The client ${subject}, with which hosts are probed for ${nameOf(uploaded)} of ${ca.name}, ended at ${validTo}`,
      nextStep: 'Upload the same CA with a client that is in date: POST /v1/fleets/<id>/uploaded-cas.',
    });
  }

  private async find(ca: UploadCa, issuerId: string | null): Promise<UploadedCa> {
    const cas = await this.uploads.list(ca.id);
    const found = cas.find(({ id, state }) => (issuerId === null ? state === 'current' : id === issuerId));
    if (found) return found;
    throw new PortError({
      code: 'ca.unknown-issuer',
      message: `There is no uploaded CA ${issuerId ?? 'that is current'} of ${ca.name}`,
      nextStep: 'List what was uploaded: GET /v1/fleets/<id>/uploaded-cas.',
    });
  }
}

function nameOf({ certificatePem }: UploadedCa): string {
  return new X509Certificate(certificatePem).subject.split('\n').reverse().join(',');
}

function asIssuer(ca: UploadedCa, issues: boolean): Issuer {
  const { id, certificatePem } = ca;
  return { id, name: nameOf(ca), certificatePem, usage: issues ? ['issuing-certificates'] : [] };
}
