import type { TestHost } from '#kit';

/** One mTLS vhost: where it listens, and what it trusts, as written in its configuration. */
export interface Vhost {
  readonly port: number;
  readonly trust: string;
  /** Folder of server.pem and server.key; relative to the folder of nginx.conf when it has no slash in front. */
  readonly tls?: string;
}

export function vhost(host: TestHost, { port, trust, tls = '/etc/nginx/tls' }: Vhost): string {
  return `server {
  listen ${host.address}:${port} ssl;
  ssl_certificate ${tls}/server.pem;
  ssl_certificate_key ${tls}/server.key;
  ssl_protocols TLSv1.2 TLSv1.3;
  ssl_client_certificate ${trust};
  ssl_verify_client on;
  location / { return 200 "$ssl_client_verify\\n"; }
}
`;
}
