import type { ClientChange } from '#rotation';
import {
  type Bundle,
  type ChainQuestion,
  type ChainVerdict,
  describeChange,
  type Finding,
  type KnownMaterial,
  lintBundle,
  lintCrls,
  parseBundle,
  trustDiff,
} from '#trust';
import type { ChainVerifier } from '../ports/chain-verifier.js';
import { type Advice, advise } from './advise.js';

/** How one server of nginx trusts clients, and where that stands. */
export interface TrustSetting
  extends Pick<ChainQuestion, 'trustedPem' | 'crlPem' | 'depth' | 'nginxVersion' | 'securityLevel'> {
  readonly where: string;
  /** `ssl_crl` names the file of the bundle, which then holds the CRLs as well. */
  readonly crlManaged?: boolean;
  /** What its verdicts are asked of, where that is not the verifier of all others: a host's own OpenSSL. */
  readonly verifier?: ChainVerifier;
}

/** A client to try the bundle with. */
export interface PreflightClient {
  /** What people call it, such as the name of its file. */
  readonly name: string;
  /** Its certificate, and behind it what it sends beside; keys are passed over. */
  readonly certificatePem: string;
  readonly expect: ChainVerdict['verdict'];
}

export interface PreflightQuestion {
  readonly bundlePem: string;
  /** The bundle of today, where the change from it is to be shown; else null. */
  readonly beforePem: string | null;
  /** None: the bundle alone is judged. */
  readonly settings: readonly TrustSetting[];
  readonly clients: readonly PreflightClient[];
  readonly known: KnownMaterial;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** One client at one server. */
export interface ClientOutcome {
  readonly client: string;
  readonly where: string;
  readonly expect: ChainVerdict['verdict'];
  readonly verdict: ChainVerdict['verdict'];
  /** Of one that is refused: OpenSSL's sentence. */
  readonly cause: string | null;
  /** Of one that should have been accepted. */
  readonly advice: Advice | null;
}

/** An outcome as programs read it: advice in words, null where none was found or needed. */
export function outcomeInWords({ advice, ...outcome }: ClientOutcome) {
  return {
    ...outcome,
    reasons: advice?.reasons ?? [],
    advice: advice?.changes?.map(describeChange) ?? null,
  };
}

/** What the bundle changes for these clients. */
export interface TrustChangeReport extends Required<ClientChange> {
  /** Such as `+1 -1 anchors: added CN=new; removed CN=old`. */
  readonly anchors: string;
}

export interface PreflightReport {
  /** No finding is an error, and every client is treated as expected. */
  readonly passed: boolean;
  readonly findings: readonly Finding[];
  readonly outcomes: readonly ClientOutcome[];
  /** Null when nothing was given to compare with. */
  readonly change: TrustChangeReport | null;
}

/** Shared by all that need advice, so that hundreds of them are not waited for all night. */
const MOST_QUESTIONS = 1000;
/** Enough for another depth and one certificate more. */
const LEAST_QUESTIONS = 20;

/** What would become of these clients with this bundle on these servers. Throws as the verifier does. */
export async function preflight(
  verifier: ChainVerifier,
  question: PreflightQuestion,
): Promise<PreflightReport> {
  const { bundlePem, settings, clients, now } = question;
  const bundle = parseBundle(bundlePem);
  const crlTexts = settings.map(({ crlPem = '', crlManaged }) => (crlManaged ? bundlePem : crlPem));
  const crlFiles = new Set(crlTexts.filter((crlPem) => crlPem !== ''));
  const findings = [
    ...lintBundle(bundle, now).filter(({ code }) => code !== 'block.crl' || !settings.some(isOneFile)),
    ...[...crlFiles].flatMap((crlPem) => lintCrls(crlPem, bundle, now)),
  ];
  const asked = await Promise.all(
    settings.flatMap((setting) => clients.map((client) => ask(verifier, bundlePem, setting, client))),
  );
  const surprises = asked.filter(isSurprise).length;
  const share = Math.max(LEAST_QUESTIONS, Math.floor(MOST_QUESTIONS / Math.max(1, surprises)));
  const outcomes = await Promise.all(asked.map((one) => outcomeOf(question, one, share)));
  const passed =
    findings.every(({ severity }) => severity !== 'error') &&
    outcomes.every(({ expect, verdict }) => expect === verdict);
  return { passed, findings, outcomes, change: await changeOf(verifier, question, bundle, asked) };
}

/** CRLs belong into a bundle that `ssl_crl` names as well. */
function isOneFile({ crlManaged = false }: TrustSetting): boolean {
  return crlManaged;
}

async function changeOf(
  verifier: ChainVerifier,
  { beforePem, settings, clients }: PreflightQuestion,
  bundle: Bundle,
  after: readonly Asked[],
): Promise<TrustChangeReport | null> {
  if (beforePem === null) return null;
  const before = await Promise.all(
    settings.flatMap((setting) => clients.map((client) => ask(verifier, beforePem, setting, client))),
  );
  const pairs = after.map((now, at) => ({
    name: now.client.name,
    now: accepts(now),
    earlier: accepts(before[at]),
  }));
  const names = (list: typeof pairs) => [...new Set(list.map(({ name }) => name))];
  const refused = new Set(names(pairs.filter(({ now }) => !now)));
  return {
    anchors: trustDiff(parseBundle(beforePem), bundle).text,
    accepted: names(pairs).filter((name) => !refused.has(name)).length,
    lost: names(pairs.filter(({ now, earlier }) => earlier && !now)),
    gained: names(pairs.filter(({ now, earlier }) => now && !earlier)),
  };
}

function accepts(asked: Asked | undefined): boolean {
  return asked?.verdict.verdict === 'accepted';
}

interface Asked {
  readonly verifier: ChainVerifier;
  readonly client: PreflightClient;
  readonly where: string;
  readonly question: ChainQuestion;
  readonly verdict: ChainVerdict;
}

async function ask(
  ours: ChainVerifier,
  bundlePem: string,
  { where, verifier = ours, crlManaged = false, ...setting }: TrustSetting,
  client: PreflightClient,
): Promise<Asked> {
  const crls = crlManaged ? { crlPem: bundlePem } : {};
  const question = { ...setting, ...crls, bundlePem, leafPem: client.certificatePem, sentPem: '' };
  return { verifier, client, where, question, verdict: await verifier.verify(question) };
}

function isSurprise({ client, verdict }: Asked): boolean {
  return client.expect === 'accepted' && verdict.verdict === 'refused';
}

async function outcomeOf(
  { known }: PreflightQuestion,
  asked: Asked,
  mostQuestions: number,
): Promise<ClientOutcome> {
  const { verifier, client, where, question, verdict } = asked;
  return {
    ...{ client: client.name, where, expect: client.expect, verdict: verdict.verdict },
    cause: verdict.verdict === 'refused' ? verdict.cause : null,
    advice: isSurprise(asked) ? await advise(verifier, question, verdict, known, mostQuestions) : null,
  };
}
