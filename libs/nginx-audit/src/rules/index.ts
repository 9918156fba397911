import type { Rule } from '../rule.js';
import { ANSWER_RULES } from './answers.js';
import { BUNDLE_RULES } from './bundle.js';
import { IDENTITY_RULES } from './identity.js';
import { INHERITANCE_RULES } from './inheritance.js';
import { MATCH_RULES } from './matches.js';
import { READING_RULES } from './reading.js';
import { REVOCATION_RULES } from './revocation.js';
import { SESSION_RULES } from './sessions.js';
import { SOCKET_RULES } from './sockets.js';
import { STREAM_RULES } from './stream.js';
import { TLS_RULES } from './tls.js';
import { VERIFICATION_RULES } from './verification.js';
import { VERSION_RULES } from './versions.js';

/** The rule table: audit, fixes, documentation and SARIF all come from it. */
export const RULES: readonly Rule[] = [
  ...VERIFICATION_RULES,
  ...BUNDLE_RULES,
  ...SOCKET_RULES,
  ...SESSION_RULES,
  ...REVOCATION_RULES,
  ...TLS_RULES,
  ...IDENTITY_RULES,
  ...INHERITANCE_RULES,
  ...MATCH_RULES,
  ...ANSWER_RULES,
  ...STREAM_RULES,
  ...VERSION_RULES,
  ...READING_RULES,
];
