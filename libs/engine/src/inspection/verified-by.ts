/**
 * Whose OpenSSL gave the verdicts, a line for each: `OpenSSL 3.0.17 1 Jul 2025 of edge-1`, or that it had to be ours.
 * Pure.
 */
export function verifiedBy(
  asked: readonly { readonly host: string; readonly openssl?: string | null }[],
): readonly string[] {
  const lines = asked.map(({ host, openssl }) => {
    if (openssl === null) return `the OpenSSL of Windlass, because ${host} has no openssl command`;
    return openssl === undefined ? 'the OpenSSL of Windlass' : `${openssl} of ${host}`;
  });
  return [...new Set(lines)];
}
