export type { Bundle } from './bundle.js';
export type { BundleCertificate, CertificateFacts, KeyFacts } from './certificate.js';
export type { ChainFault, ChainQuestion, ChainVerdict } from './chain-verdict.js';
export { crlsIn, endOfCrl, type RevocationList, revokedBy } from './crl.js';
export {
  type CoveredAnchor,
  coverAnchors,
  coverageFindings,
  crlDiff,
  crlTexts,
  firstToEnd,
  gainOf,
  isPastHalf,
} from './crl-coverage.js';
export { distinguishedName } from './distinguished-name.js';
export { anchorId, type Distrust, isNamed, withoutAnchors } from './distrust.js';
export { daysLeft } from './expiry.js';
export type { Finding, Position } from './finding.js';
export {
  anchorsOf,
  type ComposedGeneration,
  composeGeneration,
  digestOf,
  NotComposable,
} from './generation.js';
export { chainAbove, mayHaveIssued, type WithoutCa, withoutCa } from './issued-by.js';
export {
  answerInWords,
  judgeProbe,
  type ListenerAnswer,
  type ProbeControls,
  type ProbeVerdict,
} from './judge-probe.js';
export { lintBundle } from './lint-bundle.js';
export { lintCrls } from './lint-crls.js';
export { isMarker, type MarkerFacts, markerName, markerOf, readMarkerName } from './marker.js';
export { parseBundle } from './parse-bundle.js';
export { explainFault, type RefusalReason } from './refusal.js';
export { holdsCa, isSameCa } from './renewal.js';
export {
  refreshExpectations,
  type SampleJudgement,
  type SampleProblem,
  type SampleVerdicts,
  sampleExpectations,
} from './sample-expectations.js';
export {
  applyChange,
  candidateChanges,
  describeChange,
  isTooLong,
  type KnownMaterial,
  type TrustChange,
} from './trust-change.js';
export { type TrustDiff, trustDiff } from './trust-diff.js';
