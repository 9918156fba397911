/** The nginx configuration of a test host: realistic, with an include, two workers, and mTLS on 8443. */
export function nginxConfig(): string {
  return `worker_processes 2;
pid /run/nginx.pid;
error_log /var/log/nginx/error.log info;
events { worker_connections 256; }
http {
  access_log off;
  server_tokens off;
  keepalive_timeout 30;
  include /etc/nginx/conf.d/*.conf;
}
`;
}

export function siteConfig(address: string): string {
  return `server {
  listen ${address}:8443 ssl;
  server_name edge.test;
  ssl_certificate /etc/nginx/tls/server.pem;
  ssl_certificate_key /etc/nginx/tls/server.key;
  ssl_protocols TLSv1.2 TLSv1.3;
  ssl_client_certificate /etc/nginx/trust/client-ca.pem;
  ssl_verify_client on;
  ssl_verify_depth 2;
  location / {
    default_type text/plain;
    return 200 "$ssl_client_verify $ssl_client_s_dn\\n";
  }
}
`;
}

/** Runs as PID 1 of the host's namespaces: its own files over the machine's, nginx, then the SSH server. */
export function bootScript(folder: string, name: string, sshServer: string): string {
  const binds = ['etc/nginx', 'run', 'var/log/nginx', 'var/lib/nginx', 'var/lib/windlass']
    .map((part) => `mkdir -p /${part} && mount --bind ${folder}/${part} /${part}`)
    .join('\n');
  return `set -e
mount --make-rprivate /
hostname ${name}
${binds}
mount --bind ${folder}/passwd /etc/passwd
mkdir -p /run/sshd /run/tmp
nginx
${sshServer}
`;
}
