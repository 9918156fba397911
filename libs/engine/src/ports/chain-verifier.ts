import type { ChainQuestion, ChainVerdict } from '#trust';

/** Gives nginx's own verdict on a client chain (facts.md 1). Throws PortError `verifier.unavailable`. */
export abstract class ChainVerifier {
  abstract verify(question: ChainQuestion): Promise<ChainVerdict>;
}
