import type { ProblemAdvice } from './problem-advice.js';

/** Who may do what, what the API itself depends on, and where it sends things. */
export const SERVICE_GUIDE = {
  'request.out-of-scope': {
    meaning:
      'What was asked for concerns fleets, or the whole installation, beyond those that the caller is confined to.',
    next: 'Ask somebody whose key or token covers them, or for a key that does.',
  },
  'request.too-many': {
    meaning: 'The caller, or an address that nobody is known at, sent more requests in a minute than it may.',
    next: 'Wait for as long as Retry-After says; WINDLASS_RATE_LIMIT and WINDLASS_REFUSAL_LIMIT are the limits.',
  },
  'oidc.unmapped': {
    meaning:
      'The token is good, and no value of its claims is mapped to a role, or to a fleet, of this installation.',
    next: 'Have the issuer put a value into the claim that is named, or map it in WINDLASS_OIDC_ROLES.',
  },
  'oidc.unreachable': {
    meaning:
      'The issuer of tokens did not give its discovery document or its keys, so no token can be judged.',
    next: 'Check that the API reaches the issuer; API keys are good meanwhile.',
  },
  'oidc.not-configured': {
    meaning: 'A key was to be one of a person of the issuer of tokens, and none is configured.',
    next: 'Set WINDLASS_OIDC_ISSUER and its siblings, or make the key without `subject`.',
  },
  'queue.unreachable': {
    meaning: 'The queue did not take the wake-up; what was asked for is recorded, and is found without it.',
    next: 'Nothing, or check that Redis, or PostgreSQL where that is the queue, answers.',
  },
  'service.not-ready': {
    meaning: 'The database or the queue does not answer this process, or lacks migrations.',
    next: 'See which of them the reply names, and why; the log has the details.',
  },
  'service.draining': {
    meaning: 'This process was told to stop and ends what it has taken.',
    next: 'Send the request to another one.',
  },
  'path.not-allowed': {
    meaning: 'A path on a host lies outside the folders that Windlass may write to or read from.',
    next: 'Name a file in one of the folders that the reply lists, or allow another in WINDLASS_MANAGED_FOLDERS or WINDLASS_LOG_FOLDERS.',
  },
  'probe.not-allowed': {
    meaning:
      'A probe target lies neither at an enrolled host nor in an allowed range, so no probe is sent to it.',
    next: 'Enrol the host that listens there, or allow its range in WINDLASS_PROBE_RANGES.',
  },
  'webhook.not-found': {
    meaning: 'No webhook has this id.',
    next: 'Look it up in the list at /v1/webhooks.',
  },
  'webhook.url-refused': {
    meaning:
      'The URL of the webhook is none that events are sent to: not https, with credentials, or with a fragment.',
    next: 'Name an https URL without them.',
  },
  'webhook.address-refused': {
    meaning: 'The name of the URL leads to a private, local or otherwise special address.',
    next: 'Name a receiver on the internet, or allow its range in WINDLASS_WEBHOOK_ALLOWED_RANGES.',
  },
  'webhook-delivery.not-found': {
    meaning: 'The webhook has no delivery with this id, or it is older than the log is kept.',
    next: 'Look it up in the list of deliveries of the webhook.',
  },
  'webhook-delivery.pending': {
    meaning: 'The delivery is still tried by itself, so it cannot be sent anew.',
    next: 'Wait for its next try, or until it is given up.',
  },
} satisfies Readonly<Record<string, ProblemAdvice>>;
