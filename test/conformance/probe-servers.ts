import type { ProbeAnswer, ProbeIdentity } from '#engine';

/** One server of the test's nginx, by what is special about it. */
export const SERVERS = ['plain', 'masked', 'tls12', 'tls13', 'optional', 'guarded', 'off'] as const;
export type ServerKind = (typeof SERVERS)[number];

/** How each of them asks clients for a certificate. */
export const SETTINGS: Record<ServerKind, string> = {
  plain: 'ssl_protocols TLSv1.2 TLSv1.3; ssl_verify_client on;',
  masked: 'ssl_protocols TLSv1.2 TLSv1.3; ssl_verify_client on; error_page 495 496 =200 /masked;',
  tls12: 'ssl_protocols TLSv1.2; ssl_verify_client on;',
  tls13: 'ssl_protocols TLSv1.3; ssl_verify_client on;',
  optional: 'ssl_protocols TLSv1.2 TLSv1.3; ssl_verify_client optional;',
  guarded:
    'ssl_protocols TLSv1.2; ssl_verify_client optional_no_ca; if ($ssl_client_verify != SUCCESS) { return 403; }',
  off: 'ssl_protocols TLSv1.2; ssl_verify_client off;',
};

/** A server block that says what it thinks of the client. */
export function server(port: number, bundle: string, settings: string): string {
  return `server {
    listen 127.0.0.1:${port} ssl;
    ssl_certificate server.pem; ssl_certificate_key server.key;
    ssl_client_certificate ${bundle}; ${settings}
    location / { return 200 "$ssl_client_verify"; }
    location /masked { return 200 "ok"; }
  }`;
}

/** The HTTP status of an answer, or its kind where it has none. */
export function statusOf(answer: ProbeAnswer): number | string {
  return answer.kind === 'http' ? answer.status : answer.kind;
}

/** What of a private key may be found nowhere. */
export function keyLines({ privateKey }: ProbeIdentity): string[] {
  return privateKey
    .reveal()
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('-----'));
}
