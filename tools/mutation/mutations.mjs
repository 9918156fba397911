// Mistakes that somebody could make, each with the test that must not let it pass. `from` occurs once in its file.

import { ACCESS_MUTATIONS } from './access-mutations.mjs';
import { AUDIT_LOG_MUTATIONS } from './audit-log-mutations.mjs';
import { AUDIT_MUTATIONS } from './audit-mutations.mjs';
import { AWS_MUTATIONS } from './aws-mutations.mjs';
import { CA_MUTATIONS } from './ca-mutations.mjs';
import { CONTRACT_MUTATIONS } from './contract-mutations.mjs';
import { DECISION_MUTATIONS } from './decision-mutations.mjs';
import { HOST_MUTATIONS } from './host-mutations.mjs';
import { JOURNAL_MUTATIONS } from './journal-mutations.mjs';
import { POLICY_MUTATIONS } from './policy-mutations.mjs';
import { REFRESH_MUTATIONS } from './refresh-mutations.mjs';
import { SCAN_MUTATIONS } from './scan-mutations.mjs';

export const MUTATIONS = [
  ...JOURNAL_MUTATIONS,
  ...DECISION_MUTATIONS,
  ...HOST_MUTATIONS,
  ...CONTRACT_MUTATIONS,
  ...REFRESH_MUTATIONS,
  ...AUDIT_MUTATIONS,
  ...AUDIT_LOG_MUTATIONS,
  ...SCAN_MUTATIONS,
  ...CA_MUTATIONS,
  ...AWS_MUTATIONS,
  ...POLICY_MUTATIONS,
  ...ACCESS_MUTATIONS,
];
