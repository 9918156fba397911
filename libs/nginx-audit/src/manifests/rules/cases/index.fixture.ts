import { ANNOTATION_CASES } from './annotations.fixture.js';
import { GATEWAY_CASES } from './gateways.fixture.js';
import { INGRESS_CASES } from './ingress.fixture.js';
import type { ManifestCase } from './manifest-case.fixture.js';
import { OTHER_CASES } from './others.fixture.js';
import { POLICY_CASES } from './policies.fixture.js';

/** For every rule: manifests that it must speak of, and others that it must not. */
export const MANIFEST_CASES: readonly ManifestCase[] = [
  ...INGRESS_CASES,
  ...ANNOTATION_CASES,
  ...POLICY_CASES,
  ...GATEWAY_CASES,
  ...OTHER_CASES,
];
