/** A configuration, what the audit must say of it, and nothing else of the same rule. */
export interface RuleCase {
  readonly rule: string;
  readonly what: string;
  /** What stands inside of http, or a whole configuration when it has `http {` in it. */
  readonly config: string;
  /** Line and severity of each finding of this rule; empty when it must be silent. */
  readonly found: readonly string[];
  readonly version?: string;
  readonly clientDepth?: number;
}

/** A server with nothing to say against but what a case adds. */
export function server(inside: string, listen = 'listen 443 ssl;'): string {
  return `server {
${listen} ssl_certificate s.pem; ssl_certificate_key s.key; ${inside}
}`;
}

/** It verifies, with room for nothing but what a case adds. */
export const ASKS = 'ssl_client_certificate /ca.pem; ssl_verify_client on;';
/** It tells the upstream who the client is. */
export const SETS = 'proxy_set_header X-SSL-Client-S-DN $ssl_client_s_dn;';
/** A configuration with one server of stream. */
export const stream = (inside: string) => `stream {\nserver { ${inside} }\n}\nhttp { }`;
