import type { Rule } from '../../rule.js';
import type { ManifestView } from '../manifest-view.js';
import { GATEWAY_RULES } from './gateways.js';
import { INGRESS_ANNOTATION_RULES } from './ingress-annotations.js';
import { INGRESS_HOST_RULES } from './ingress-hosts.js';
import { INGRESS_VERIFICATION_RULES } from './ingress-verification.js';
import { POLICY_RULES } from './policies.js';
import { MANIFEST_READING_RULES } from './reading.js';
import { TRUST_RULES } from './trust.js';

/** The part of the rule table that is about manifests: scan, documentation and SARIF come from it. */
export const MANIFEST_RULES: readonly Rule<ManifestView>[] = [
  ...INGRESS_VERIFICATION_RULES,
  ...INGRESS_HOST_RULES,
  ...INGRESS_ANNOTATION_RULES,
  ...POLICY_RULES,
  ...GATEWAY_RULES,
  ...TRUST_RULES,
  ...MANIFEST_READING_RULES,
];
