/** TLS alerts (RFC 8446 6.2, RFC 5246 7.2.2) by which a server refuses a client for its certificate. */
const REFUSALS: Readonly<Record<number, string>> = {
  40: 'handshake_failure',
  41: 'no_certificate',
  42: 'bad_certificate',
  43: 'unsupported_certificate',
  44: 'certificate_revoked',
  45: 'certificate_expired',
  46: 'certificate_unknown',
  48: 'unknown_ca',
  49: 'access_denied',
  51: 'decrypt_error',
  116: 'certificate_required',
};

/**
 * The name of the alert when OpenSSL's error text tells of one that refuses a client certificate, else null:
 * `protocol_version` or `unrecognized_name` speak of the listener and prove nothing about the client.
 */
export function refusalAlert(errorMessage: string): string | null {
  const number = /SSL alert number (\d+)/.exec(errorMessage)?.[1];
  return number === undefined ? null : (REFUSALS[Number(number)] ?? null);
}
