import { type Advice, advise, type ChainVerifier } from '#engine';
import { applyChange, type ChainQuestion } from '#trust';
import { type ClientChain, questionOf } from '../conformance/client-chains.js';
import type { DrawnChain } from './random-chain.js';

/** A refused case after somebody did what was advised. */
export interface Mended {
  readonly name: string;
  /** Kinds of what was done, in a few words; null when nothing that was advised let the client in. */
  readonly how: string | null;
  readonly chain: ClientChain;
  /** What is wrong, in plain words. */
  readonly reasons: readonly string[];
}

/**
 * Does what is advised: the changes; where none will do, every certificate is issued again as the reasons say, and
 * then the changes that are still needed.
 */
export async function mend(
  verifier: ChainVerifier,
  { name, chain, known, reissued }: DrawnChain,
  nginxVersion: string,
): Promise<Mended> {
  const question = { ...questionOf(chain), nginxVersion };
  const advice = await advise(
    verifier,
    question,
    await verifier.verify(question),
    known ?? { certificates: [], crls: [] },
  );
  const reasons = advice.reasons.map(({ what, nextStep }) => `${what}; ${nextStep}`);
  if (advice.changes !== null)
    return { name, reasons, how: wordsFor(advice), chain: changed(chain, question, advice) };
  if (reissued === undefined || advice.reasons.length === 0) return { name, reasons, how: null, chain };
  const again = await mend(verifier, await reissued(), nginxVersion);
  return { ...again, name, how: again.how === null ? null : ['issue again', again.how].join(', then ') };
}

/** Kinds of changes only: what exactly is added is the case's own. */
function wordsFor({ changes }: Advice): string {
  const kinds = [...new Set((changes ?? []).map(({ kind }) => kind))].sort();
  return kinds.length === 0 ? 'nothing more' : kinds.join(' + ');
}

function changed(chain: ClientChain, question: ChainQuestion, { changes }: Advice): ClientChain {
  const { bundlePem, sentPem, depth, crlPem = '' } = (changes ?? []).reduce(applyChange, question);
  return { ...chain, bundlePem, sentPem, depth, ...(crlPem === '' ? {} : { crlPem }) };
}
