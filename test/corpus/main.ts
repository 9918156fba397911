import { spawnSync } from 'node:child_process';
import { OpensslChainVerifier } from '#certificates';
import type { ChainVerdict } from '#trust';
import { ChainServers, loadComplaint } from '../conformance/chain-servers.js';
import { type ClientChain, questionOf } from '../conformance/client-chains.js';
import { makeCa, type TestCertificate } from '../kit/pki.js';
import { type Mended, mend } from './mended.js';
import { namedCases } from './named-cases.js';
import { plainVerdict } from './plain-verify.js';
import { ChainDraw, type DrawnChain } from './random-chain.js';

// `npm run corpus [-- --cases N --seed N]`: situations that are drawn from a seed, beside all that have a name,
// and for each of them what the verifier says and what real nginx answers to a real client, under TLS 1.2 and 1.3:
// Debian's nginx, and newer ones built from source. Last line: `N cases, N agree`; a case agrees when all of them do.

/** Servers of one nginx: each takes four file descriptors or so. */
const BATCH = 100;
const verifier = OpensslChainVerifier.local();
const say = (line: string) => process.stdout.write(`${line}\n`);

type Answer = 'accepted' | 'refused' | 'not loaded';

/** One nginx, and what it said to each case. */
interface Court {
  readonly version: string;
  readonly binary: string;
}

/** A case before one nginx. */
interface Judged extends DrawnChain {
  readonly verifier: Answer;
  readonly cause: string;
  readonly nginx: readonly Answer[];
}

function numberOf(name: string, otherwise: number): number {
  const at = process.argv.indexOf(`--${name}`);
  const value = at < 0 ? otherwise : Number(process.argv[at + 1]);
  if (!Number.isInteger(value) || value < 0) throw new Error(`--${name} must be a whole number`);
  return value;
}

function answerOf(verdict: ChainVerdict): Answer {
  const unloadable = verdict.verdict === 'refused' && verdict.cause.startsWith('nginx cannot load');
  return unloadable ? 'not loaded' : verdict.verdict;
}

/** What cannot be loaded would keep the others from being served: nginx is asked about each alone first. */
async function nginxAnswers<Case extends { readonly chain: ClientChain }>(
  pair: TestCertificate,
  cases: readonly Case[],
  binary: string,
): Promise<ReadonlyMap<Case, readonly Answer[]>> {
  const complaints = new Map<Case, string | null>();
  for (const one of cases) complaints.set(one, await loadComplaint(pair, one.chain, binary));
  const loaded = cases.filter((one) => complaints.get(one) === null);
  const servers = await ChainServers.open(
    pair,
    loaded.map(({ chain }) => chain),
    binary,
  );
  const answers = new Map<Case, readonly Answer[]>(cases.map((one) => [one, ['not loaded']]));
  try {
    for (const one of loaded) answers.set(one, await servers.verdicts(one.chain));
  } finally {
    await servers.stop();
  }
  return answers;
}

async function judgeBatch(
  pair: TestCertificate,
  cases: readonly DrawnChain[],
  { binary, version }: Court,
): Promise<readonly Judged[]> {
  const nginx = await nginxAnswers(pair, cases, binary);
  return Promise.all(
    cases.map(async (one) => {
      const verdict = await verifier.verify({ ...questionOf(one.chain), nginxVersion: version });
      return {
        ...one,
        verifier: answerOf(verdict),
        cause: verdict.verdict === 'refused' ? verdict.cause : '',
        nginx: nginx.get(one) ?? [],
      };
    }),
  );
}

async function judge(pair: TestCertificate, cases: readonly DrawnChain[], court: Court): Promise<Judged[]> {
  const judged: Judged[] = [];
  const started = Date.now();
  for (let i = 0; i < cases.length; i += BATCH) {
    judged.push(...(await judgeBatch(pair, cases.slice(i, i + BATCH), court)));
  }
  const count = (answer: Answer) => judged.filter(({ nginx }) => nginx[0] === answer).length;
  const agreeing = judged.filter(agrees).length;
  const seconds = ((Date.now() - started) / 1000).toFixed(0);
  say(
    `nginx ${court.version.padEnd(7)} ${count('accepted')} accepted, ${count('refused')} refused, ` +
      `${count('not loaded')} not loaded; ${agreeing} of ${judged.length} agree, in ${seconds} s`,
  );
  return judged;
}

function agrees({ verifier, nginx }: Judged): boolean {
  return nginx.length > 0 && nginx.every((answer) => answer === verifier);
}

function sayDisagreements(judged: readonly Judged[], { version }: Court): void {
  for (const one of judged.filter((each) => !agrees(each))) {
    say(
      `DISAGREE nginx ${version} says ${one.nginx.join(' and ')}, the verifier ${one.verifier} (${one.cause}): ${one.name}`,
    );
  }
}

/** Where people who run `openssl verify` before they roll a bundle out are told that all is well. */
async function sayWhatPlainVerifyMisses(judged: readonly Judged[]): Promise<void> {
  const refused = judged.filter(({ nginx }) => nginx[0] === 'refused');
  const missed: string[] = [];
  for (const { chain, cause } of refused) {
    if ((await plainVerdict(chain)) === 'accepted') missed.push(cause);
  }
  say(`plain \`openssl verify\` would let ${missed.length} of the ${refused.length} refused in:`);
  for (const [cause, number] of tally(missed)) say(`  ${String(number).padStart(4)}  ${cause}`);
}

/**
 * Does what is advised for every case that nginx refused, and asks nginx again: it must accept. Where no change
 * helps, certificates are drawn anew as the reasons say; those of a case with a name stay what they are.
 */
async function sayWhatAdviceDoes(
  pair: TestCertificate,
  judged: readonly Judged[],
  { binary, version }: Court,
): Promise<boolean> {
  const refused = judged.filter(({ known, nginx }) => known && nginx[0] === 'refused');
  const mended: Mended[] = [];
  for (const one of refused) mended.push(await mend(verifier, one, version));
  const toFollow = mended.filter(({ how }) => how !== null);
  const accepted = new Set<Mended>();
  for (let i = 0; i < toFollow.length; i += BATCH) {
    const batch = toFollow.slice(i, i + BATCH);
    const answers = await nginxAnswers(pair, batch, binary);
    for (const one of batch) {
      if (answers.get(one)?.every((answer) => answer === 'accepted')) accepted.add(one);
      else say(`NOT MENDED by ${one.how}: ${one.name}`);
    }
  }
  say(`advice, once followed, lets ${accepted.size} of the ${refused.length} refused in:`);
  for (const [how, number] of tally([...accepted].map((one) => one.how ?? ''))) {
    say(`  ${String(number).padStart(4)}  ${how}`);
  }
  const hopeless = mended.filter(({ how }) => how === null);
  say(`only other certificates would let these ${hopeless.length} in, each with the reason that is given:`);
  for (const { name, reasons } of hopeless) say(`        ${name}: ${reasons[0] ?? 'NO REASON'}`);
  return accepted.size === toFollow.length && hopeless.every(({ reasons }) => reasons.length > 0);
}

function tally(words: readonly string[]): readonly (readonly [string, number])[] {
  const numbers = new Map<string, number>();
  for (const word of words) numbers.set(word, (numbers.get(word) ?? 0) + 1);
  return [...numbers].sort(([, a], [, b]) => b - a);
}

/** Every `--nginx BINARY`; Debian's alone without one. */
function courts(): readonly Court[] {
  const given = process.argv.flatMap((word, at, all) => (all[at - 1] === '--nginx' ? [word] : []));
  return (given.length > 0 ? given : ['nginx']).map((binary) => {
    const { stderr } = spawnSync(binary, ['-v'], { encoding: 'utf8' });
    const version = /nginx\/([\d.]+)/.exec(stderr)?.[1];
    if (version === undefined) throw new Error(`${binary} is no nginx`);
    return { version, binary };
  });
}

async function main(): Promise<void> {
  const [drawn, seed, now] = [numberOf('cases', 450), numberOf('seed', 1), Date.now()];
  const ca = await makeCa({ commonName: 'server CA' });
  const pair = await ca.issueClient({ commonName: 'server', extendedKeyUsages: [] });
  const cases = [...(await namedCases(verifier))];
  for (let i = 0; i < drawn; i += 1) cases.push(await new ChainDraw(seed * 100_000 + i, now).draw());
  const agreeing = new Set(cases.map(({ name }) => name));
  let mended = true;
  for (const [at, court] of courts().entries()) {
    const judged = await judge(pair, cases, court);
    sayDisagreements(judged, court);
    for (const { name } of judged.filter((one) => !agrees(one))) agreeing.delete(name);
    if (at > 0) continue;
    await sayWhatPlainVerifyMisses(judged);
    mended = await sayWhatAdviceDoes(pair, judged, court);
  }
  say(`${cases.length} cases, ${agreeing.size} agree`);
  process.exitCode = mended && agreeing.size === cases.length ? 0 : 1;
}

await main();
