import {
  CaSource,
  type CaSurvey,
  CertificateMint,
  ChainVerifier,
  type Coming,
  type IssuedLeaf,
  type Issuer,
  type IssuingCa,
  type OutstandingLeaves,
  Probe,
  type ProbeAnswer,
  type ProbeIdentity,
  type ProbeTarget,
  Secret,
  type Visit,
} from '#engine';
import type { ChainQuestion, ChainVerdict } from '#trust';
import { SHORT_LIVED_LEAF, SIMULATED_CAS, STRANGER } from './certificates.js';
import type { Network } from './network.js';
import { problem } from './problem.js';
import { crlOf, leafOf, pemOf, type SimCa } from './sim-ca.js';
import type { SimHost } from './sim-host.js';
import type { SimProcess } from './sim-process.js';
import { fingerprintOf, markerPem, trustOf } from './trust.js';

/** Number of the simulated CA that signed the leaf, or null for a stranger's. */
function issuerOf(leafPem: string): number | null {
  const index = SIMULATED_CAS.findIndex((ca) => ca.leafPem === leafPem);
  if (index >= 0) return index;
  return leafPem === SHORT_LIVED_LEAF ? 0 : null;
}

function isTrusted(leafPem: string, bundlePem: string): boolean {
  const ca = issuerOf(leafPem);
  return ca !== null && trustOf(bundlePem).anchors.has(fingerprintOf(ca));
}

export class SimVerifier extends ChainVerifier {
  override async verify({ leafPem, bundlePem }: ChainQuestion): Promise<ChainVerdict> {
    if (isTrusted(leafPem, bundlePem)) return { verdict: 'accepted' };
    return { verdict: 'refused', cause: 'unable to get local issuer certificate', faults: [] };
  }

  override by(): ChainVerifier {
    return this;
  }
}

export class SimMint extends CertificateMint {
  override async marker(commonName: string): Promise<string> {
    return markerPem(commonName);
  }

  override async canary(): Promise<IssuedLeaf> {
    const last = SIMULATED_CAS.length - 1;
    return {
      ...{ certificatePem: leafOf(last), chainPem: '', issuerPem: pemOf(last) + crlOf(last) },
      privateKey: new Secret('k'),
    };
  }

  override async stranger(): Promise<ProbeIdentity> {
    return { certificatePem: STRANGER, chainPem: '', privateKey: new Secret('k') };
  }

  /** Whoever looks at keys refuses both alike, and that is what the simulated hosts do. */
  override impostor(): Promise<ProbeIdentity> {
    return this.stranger();
  }
}

const PROBE_TIMEOUT_MS = 5_000;
const ACCEPTED = { kind: 'http', status: 200, tls: 'TLSv1.3' } as const;
const REFUSED = { kind: 'http', status: 400, tls: 'TLSv1.3' } as const;
const TIMED_OUT: ProbeAnswer = { kind: 'no-answer', reason: 'it timed out' };

/** Asks the simulated listeners; the path is the host's own for clients, `<host> https`. */
export class SimProbe extends Probe {
  constructor(
    private readonly process: SimProcess,
    private readonly network: Network,
    private readonly hosts: ReadonlyMap<string, SimHost>,
    /** When a short-lived client ends, in milliseconds since the epoch. */
    private readonly shortLivedUntil: number,
  ) {
    super();
  }

  override ask(target: ProbeTarget, identity: ProbeIdentity | null): Promise<ProbeAnswer> {
    return this.knock(target, 'probe', (host) => this.answerTo(identity, host)).catch(() => TIMED_OUT);
  }

  /** As nginx: a session is taken up while the CA names are those that it began under, and nobody is asked again. */
  override visit(target: ProbeTarget, identity: ProbeIdentity, coming: Coming): Promise<Visit> {
    return this.knock(target, 'visit', (host): Visit => {
      const names = host.trust.caNames.join('\n');
      const began = coming.session?.reveal() ?? null;
      const resumed = began !== null && (began === names || host.troubles.keepsSessions);
      const answer = resumed ? ACCEPTED : this.answerTo(identity, host);
      return { answer, resumed, session: new Secret(names) };
    }).catch(() => ({ answer: TIMED_OUT, resumed: false, session: null }));
  }

  private answerTo(identity: ProbeIdentity | null, host: SimHost) {
    if (!identity || !isTrusted(identity.certificatePem, host.serving)) return REFUSED;
    const expired = identity.certificatePem === SHORT_LIVED_LEAF && host.time.now() >= this.shortLivedUntil;
    return expired ? REFUSED : ACCEPTED;
  }

  override servedCaNames(target: ProbeTarget): Promise<readonly string[] | null> {
    return this.knock(target, 'names', (host) => host.trust.caNames).catch(() => {
      throw problem('probe.no-answer', `${target.address} does not say which CAs it asks for`, true);
    });
  }

  private knock<T>(target: ProbeTarget, label: string, answer: (host: SimHost) => T): Promise<T> {
    const host = this.hosts.get(target.address);
    if (!host) throw new Error(`there is no simulated host at ${target.address}`);
    return this.network.ask(this.process, {
      ...{ label: `${host.id} ${label}`, to: `${host.id} https`, timeoutMs: PROBE_TIMEOUT_MS },
      onTimeout: () => new Error('no answer'),
      answer: () => (host.up ? answer(host) : new Promise<never>(() => undefined)),
    });
  }
}

export class SimCaSource extends CaSource {
  constructor(
    private readonly process: SimProcess,
    private readonly network: Network,
    private readonly ca: SimCa,
  ) {
    super();
  }

  override survey(): Promise<CaSurvey> {
    return this.ask('survey', () => this.ca.survey());
  }

  override prepareIssuer(_: IssuingCa, { name }: { name: string }): Promise<Issuer> {
    return this.ask('prepare', () => this.ca.prepareIssuer(name));
  }

  override setIssuing(_: IssuingCa, issuerId: string, allowed: boolean): Promise<Issuer> {
    return this.ask('set issuing', () => this.ca.setIssuing(issuerId, allowed));
  }

  override switchDefault(_: IssuingCa, from: string, to: string): Promise<void> {
    return this.ask('switch default', () => this.ca.switchDefault(from, to));
  }

  override moveRole(_: IssuingCa, role: string, from: string, to: string): Promise<void> {
    return this.ask('move role', () => this.ca.moveRole(role, from, to));
  }

  override withdrawIssuer(_: IssuingCa, name: string, followsLatest: boolean): Promise<void> {
    return this.ask('withdraw', () => this.ca.withdrawIssuer(name, followsLatest));
  }

  override outstanding(): Promise<OutstandingLeaves> {
    return this.ask('outstanding', () => this.ca.outstanding());
  }

  override crl(_: IssuingCa, issuerId: string): Promise<string> {
    return this.ask('crl', () => this.ca.crl(issuerId));
  }

  override issueLeaf(_: IssuingCa, { issuerId }: { issuerId: string | null }): Promise<IssuedLeaf> {
    return this.ask('issue', () => this.ca.issueLeaf(issuerId));
  }

  private ask<T>(label: string, answer: () => T): Promise<T> {
    return this.network.ask(this.process, {
      ...{ label: `ca ${label}`, to: 'ca', timeoutMs: 10_000, answer },
      onTimeout: () => problem('ca.unreachable', 'the simulated PKI does not answer', true),
    });
  }
}
