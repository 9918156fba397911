import { IDENTITY_CASES } from './identity.fixture.js';
import { OTHERS_CASES } from './others.fixture.js';
import type { RuleCase } from './rule-case.fixture.js';
import { SOCKETS_CASES } from './sockets.fixture.js';
import { TLS_CASES } from './tls.fixture.js';
import { TRUST_CASES } from './trust.fixture.js';
import { VERIFICATION_CASES } from './verification.fixture.js';

/** For every rule: configurations that it must speak of, and others that it must not. */
export const RULE_CASES: readonly RuleCase[] = [
  ...VERIFICATION_CASES,
  ...TRUST_CASES,
  ...SOCKETS_CASES,
  ...TLS_CASES,
  ...IDENTITY_CASES,
  ...OTHERS_CASES,
];
