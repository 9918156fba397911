import { type OpensslAnswer, PortError } from '#engine';
import type { ChainVerdict } from '#trust';

/**
 * A subject, when the certificate has one, and below it what is wrong:
 * `error 20 at 0 depth lookup: unable to get local issuer certificate`.
 */
const CHAIN_ERROR = /(?:^|\n)(?:(?!error )([^\n]*)\n)?error (\d+) at (\d+) depth lookup: ?([^\n]+)/g;
/** The reason within OpenSSL's error queue: `<id>:error:<number>:<library>:<function>:<reason>:<file>:<line>:`. */
const QUEUE_REASON = /^[0-9A-F]+:error:[0-9A-F]+:[^:]*:[^:]*:([^:]+):/m;

/** What `openssl verify` said, as nginx's verdict. Throws PortError `verifier.unavailable` when it said neither. */
export function readAnswer(result: OpensslAnswer): ChainVerdict {
  if (result.exitCode === 0 && /: OK$/m.test(result.stdout)) return { verdict: 'accepted' };
  const refused = refusal(result.stderr);
  if (result.exitCode !== 0 && refused !== null) return refused;
  // An exit code alone is no verdict: "refused" would pass for proof that a removed CA is out.
  throw new PortError({
    code: 'verifier.unavailable',
    message: `openssl verify gave no verdict (exit code ${result.exitCode})`,
    nextStep: 'check that `openssl version` says 3.0 or newer on the machine that was asked',
    detail: result.stderr.slice(0, 500),
  });
}

function refusal(stderr: string): ChainVerdict | null {
  const errors = [...stderr.matchAll(CHAIN_ERROR)];
  const faults = errors.map(([, subject = '', code, depth]) => ({
    ...{ code: Number(code), depth: Number(depth), subject },
  }));
  const cause = errors[0]?.[4]?.trim() ?? unreadable(stderr);
  return cause === null ? null : { verdict: 'refused', cause, faults };
}

function unreadable(stderr: string): string | null {
  if (/^Error loading file /m.test(stderr) && !stderr.includes(':system library:')) {
    return `nginx cannot load the bundle: ${QUEUE_REASON.exec(stderr)?.[1] ?? 'no certificate found'}`;
  }
  if (/^Could not read certificate /m.test(stderr)) return 'the client certificate cannot be read';
  if (/^Could not read any untrusted /m.test(stderr))
    return 'the intermediates that the client sends cannot be read';
  return null;
}
