import type { RotationSnapshot, Strategy } from '#rotation';
import {
  anchorId,
  anchorsOf,
  type BundleCertificate,
  crlsIn,
  isNamed,
  parseBundle,
  withoutAnchors,
} from '#trust';
import { anchorsIn } from './generation-anchors.js';
import type { Fleet } from './ports/fleet-store.js';
import { PortError } from './ports/problem.js';

/** What a strategy needs to be told. */
export interface StrategyRequest {
  /** `overlap` when left out. */
  readonly strategy?: Strategy | undefined;
  /** Replace: the anchors that are trusted then, PEM. */
  readonly bundlePem?: string | undefined;
  /** Replace: identifiers of distrusted anchors that a person wants back. */
  readonly retrust?: readonly string[] | undefined;
  /** Distrust: identifiers of the anchors that go. */
  readonly anchors?: readonly string[] | undefined;
}

export type StrategySnapshot = Pick<RotationSnapshot, 'strategy' | 'target' | 'distrusted' | 'retrusted'>;

/**
 * Holds a request against what its fleets trust. Throws PortError `replace.no-bundle`, `replace.bad-bundle`,
 * `replace.nothing-changes`, `refresh.no-revocation`, `anchor.distrusted`, `distrust.no-anchors`,
 * `distrust.unknown-anchor`, `distrust.still-trusted`, `distrust.nothing-left`.
 */
export function checkStrategy(fleets: readonly Fleet[], request: StrategyRequest): StrategySnapshot {
  const { strategy = 'overlap' } = request;
  switch (strategy) {
    case 'replace':
      return { strategy, ...targetOf(fleets, request) };
    case 'distrust': {
      const distrusted = (request.anchors ?? []).map((id) => id.toLowerCase().replaceAll(':', ''));
      for (const fleet of fleets) checkDistrust(fleet, distrusted);
      return { strategy, distrusted };
    }
    case 'refresh':
      for (const fleet of fleets) checkRefresh(fleet);
      return { strategy };
    default:
      return { strategy };
  }
}

function targetOf(fleets: readonly Fleet[], { bundlePem = '', retrust = [] }: StrategyRequest) {
  const { certificates, findings } = parseBundle(bundlePem);
  const [bad] = findings.filter(({ severity }) => severity === 'error');
  if (bad) throw refuse('replace.bad-bundle', `The bundle cannot be taken: ${bad.message}.`, bad.nextStep);
  const target = anchorsOf({ certificates, findings });
  if (target.length === 0) {
    throw refuse(
      'replace.no-bundle',
      'The strategy `replace` needs `bundlePem` with the CA certificates that are to be trusted.',
      'Give every CA whose clients are to get in, each with its parents up to the root.',
    );
  }
  for (const fleet of fleets) checkTarget(fleet, target, retrust);
  const back = target.map(anchorId).filter((id) => retrust.includes(id));
  const crls = crlsIn(bundlePem);
  return {
    target: [...target, ...crls].map(({ pem }) => pem).join(''),
    ...(back.length > 0 ? { retrusted: back } : {}),
  };
}

function checkTarget(fleet: Fleet, target: readonly BundleCertificate[], retrust: readonly string[]): void {
  const evil = fleet.distrusted.find(({ anchor }) =>
    target.some((one) => anchorId(one) === anchor && !retrust.includes(anchor)),
  );
  if (evil) {
    throw refuse(
      'anchor.distrusted',
      `Fleet ${fleet.name} distrusts ${evil.anchor} since rotation ${evil.rotationId}, and the bundle holds it.`,
      'Leave it out; or, if it is to be trusted again, name it in `retrust` and say why.',
    );
  }
  const today = new Set(anchorsIn(fleet.generation).map(({ fingerprint }) => fingerprint));
  const same = today.size === target.length && target.every(({ fingerprint }) => today.has(fingerprint));
  if (!same) return;
  throw refuse(
    'replace.nothing-changes',
    `Fleet ${fleet.name} is recorded to trust exactly these CAs already.`,
    'Where hosts serve something else, use the strategy `sync`.',
  );
}

function checkRefresh({ name, revocation }: Fleet): void {
  if (revocation === 'crl') return;
  throw refuse(
    'refresh.no-revocation',
    `Fleet ${name} checks no revocation, so its generations hold no CRLs.`,
    'Record the fleet with revocation "crl", once its hosts have ssl_crl (docs/crls.md).',
  );
}

function checkDistrust(fleet: Fleet, ids: readonly string[]): void {
  const anchors = anchorsIn(fleet.generation);
  const has = (id: string) => anchors.some((one) => isNamed(one, [id]));
  const unknown = ids.find((id) => !has(id));
  if (ids.length === 0 || unknown !== undefined) throw unknownAnchor(fleet, anchors, unknown);
  const { kept, distrusted, vouching } = withoutAnchors(anchors, ids);
  const [voucher] = vouching;
  if (voucher) {
    throw refuse(
      'distrust.still-trusted',
      `${distrusted[0]?.subject ?? ''} was signed by ${voucher.subject}, which fleet ${fleet.name} would go on trusting: nginx would let its clients in whenever they send it along.`,
      `Distrust ${anchorId(voucher)} (${voucher.subject}) as well, and let the clients of its other CAs renew elsewhere first if they can; or revoke it in a CRL.`,
    );
  }
  if (kept.length > 0) return;
  throw refuse(
    'distrust.nothing-left',
    `Fleet ${fleet.name} would trust no CA at all.`,
    'Use the strategy `replace`: it trusts another CA and drops this one in one switch.',
  );
}

function unknownAnchor(fleet: Fleet, anchors: readonly BundleCertificate[], id?: string): PortError {
  const known = anchors.map((one) => `${one.subject} (${anchorId(one)})`).join('; ');
  const what = id === undefined ? 'No anchor is named' : `Fleet ${fleet.name} trusts no anchor ${id}`;
  return refuse(
    id === undefined ? 'distrust.no-anchors' : 'distrust.unknown-anchor',
    `${what}. It trusts: ${known}.`,
    'Name anchors by their subject key identifier (openssl x509 -noout -ext subjectKeyIdentifier), or by SHA-256.',
  );
}

function refuse(code: string, message: string, nextStep: string): PortError {
  return new PortError({ code, message, nextStep });
}
