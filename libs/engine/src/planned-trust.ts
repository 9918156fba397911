import { type BundleCertificate, holdsCa, parseBundle, trustDiff, withoutAnchors, withoutCa } from '#trust';
import { anchorsIn } from './generation-anchors.js';
import { issuerLeftOut, notAnAnchor } from './perform/compositions.js';
import { caCertificate, caLabel } from './perform/issuer-certificate.js';
import type { CaSource } from './ports/ca-source.js';
import type { Fleet } from './ports/fleet-store.js';
import { PortError, type Problem } from './ports/problem.js';
import type { StrategySnapshot } from './strategy-request.js';

/** What a rotation would make of the trust of one fleet, as far as that can be told before it begins. */
export interface PlannedTrust {
  /** What the fleet trusts in the end, in words. */
  readonly anchorsThen: string;
  /** Exact where all anchors are known by now; else in the same words, with the new CA by what makes it. */
  readonly trustDiff: string;
  /** What the preflight would refuse. */
  readonly blocks: readonly Problem[];
  readonly warnings: readonly string[];
}

type Anchors = readonly BundleCertificate[];
type Ca = Pick<CaSource, 'survey'>;

/** Asks the CA which issuer is its default, and changes nothing there. */
export async function plannedTrust(ca: Ca, fleet: Fleet, wish: StrategySnapshot): Promise<PlannedTrust> {
  const today = anchorsIn(fleet.generation);
  switch (wish.strategy) {
    case 'overlap':
      return overlapOf(fleet, today, await issuerOf(ca, fleet));
    case 'replace': {
      const { certificates } = parseBundle(wish.target ?? '');
      const issuer = await issuerOf(ca, fleet);
      const planned = changed(fleet, certificates, issuer.warnings);
      const leftOut = issuer.certificate !== null && !holdsCa(certificates, issuer.certificate);
      return leftOut ? { ...planned, blocks: [issuerLeftOut(fleet, subjectOf(issuer)).problem] } : planned;
    }
    case 'distrust':
      return changed(fleet, withoutAnchors(today, wish.distrusted ?? []).kept, []);
    case 'rehearse':
      return same(fleet, `${namesOf(today)}; a canary CA beside them meanwhile`);
    case 'refresh':
      return same(fleet, `${namesOf(today)}, with the CRLs of now`);
    case 'sync':
      return same(fleet, `${namesOf(today)}: generation ${fleet.generation.number} as it is recorded`);
  }
}

interface DefaultIssuer {
  /** Null where it is not known. */
  readonly certificate: BundleCertificate | null;
  readonly warnings: readonly string[];
}

/** What the preflight asks as well; a CA that does not answer now may do so then. */
async function issuerOf(source: Ca, { issuingCa }: Fleet): Promise<DefaultIssuer> {
  try {
    const { issuers, defaultIssuerId } = await source.survey(issuingCa);
    const issuer = issuers.find(({ id }) => id === defaultIssuerId);
    if (issuer) return { certificate: caCertificate(issuer, issuingCa), warnings: [] };
    return { certificate: null, warnings: [`The ${caLabel(issuingCa)} names no default issuer.`] };
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    const { message, nextStep } = error.problem;
    return { certificate: null, warnings: [`${message} ${nextStep}`] };
  }
}

function overlapOf(
  fleet: Fleet,
  today: Anchors,
  { certificate: old, warnings }: DefaultIssuer,
): PlannedTrust {
  const newCa = `a new CA of the ${caLabel(fleet.issuingCa)}`;
  if (old === null) {
    const open = 'which CA goes is not known before the issuing CA answers';
    const trusted = `${namesOf(today)}, and ${newCa}; ${open}`;
    return { anchorsThen: trusted, trustDiff: `+1 anchors: added ${newCa}; ${open}`, blocks: [], warnings };
  }
  const { kept, vouching } = withoutCa(today, old);
  const gone = today.filter((one) => !kept.includes(one));
  const still = vouching.map(({ subject }) => `${old.subject} still let in through ${subject}`);
  const removed = gone.length === 0 ? '' : `; removed ${gone.map(nameOf).join(', ')}`;
  return {
    anchorsThen: `${[newCa, ...kept.map(({ subject }) => subject)].join(', ')}; until nobody needs it ${namesOf(gone)} as well`,
    trustDiff: [`+1 -${gone.length} anchors: added ${newCa}${removed}`, ...still].join('; '),
    blocks: holdsCa(today, old) ? [] : [notAnAnchor(fleet, old.subject).problem],
    warnings,
  };
}

function changed(fleet: Fleet, then: Anchors, warnings: readonly string[]): PlannedTrust {
  const after = parseBundle(then.map(({ pem }) => pem).join(''));
  const { text } = trustDiff(parseBundle(fleet.generation.content), after);
  return { anchorsThen: namesOf(then), trustDiff: text, blocks: [], warnings };
}

function same({ generation }: Fleet, anchorsThen: string): PlannedTrust {
  const bundle = parseBundle(generation.content);
  return { anchorsThen, trustDiff: trustDiff(bundle, bundle).text, blocks: [], warnings: [] };
}

function subjectOf({ certificate }: DefaultIssuer): string {
  return certificate?.subject ?? '';
}

function namesOf(anchors: Anchors): string {
  return anchors.map(({ subject }) => subject).join(', ');
}

/** As the trust diff names an anchor. */
function nameOf({ subject, fingerprint }: BundleCertificate): string {
  return `${subject} (${fingerprint.slice(0, 12)})`;
}
