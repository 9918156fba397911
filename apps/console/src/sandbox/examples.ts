import { MANIFEST_EXAMPLES } from './manifest-examples.js';

export interface Example {
  /** Named in the list. */
  readonly name: string;
  /** A rule that speaks of it; null: it is as it should be. */
  readonly finds: string | null;
  readonly text: string;
}

/** What every server of these examples does right. */
const TLS = `    ssl_certificate     /etc/nginx/tls/fullchain.pem;
    ssl_certificate_key /etc/nginx/tls/server.key;
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256;
    ssl_session_tickets off;
`;

/** The mistakes that are found most, each in a text that is ready to be mended. */
export const EXAMPLES: readonly Example[] = [
  {
    name: 'Verification left optional after debugging',
    finds: 'verify-optional',
    text: `server {
    listen 443 ssl;
    server_name api.example.com;
${TLS}
    ssl_client_certificate /etc/nginx/clients.pem;
    ssl_verify_client optional;   # only until the partners have their certificates
    ssl_verify_depth 3;

    location / {
        proxy_pass http://127.0.0.1:9000;
    }
}
`,
  },
  {
    name: 'A bundle, and nobody is asked',
    finds: 'verify-off',
    text: `server {
    listen 443 ssl;
    server_name pay.example.com;
${TLS}
    ssl_client_certificate /etc/nginx/clients.pem;
    ssl_verify_depth 3;

    location / {
        proxy_pass http://127.0.0.1:9000;
    }
}
`,
  },
  {
    name: 'No depth, with intermediates below the root',
    finds: 'depth-default',
    text: `server {
    listen 443 ssl;
    server_name mesh.example.com;
${TLS}
    ssl_client_certificate /etc/nginx/clients.pem;
    ssl_verify_client on;
}
`,
  },
  {
    name: 'A guard that lets an expired certificate through',
    finds: 'guard-incomplete',
    text: `server {
    listen 443 ssl;
    server_name api.example.com;
${TLS}
    ssl_client_certificate /etc/nginx/clients.pem;
    ssl_verify_client optional_no_ca;
    ssl_verify_depth 3;

    if ($ssl_client_verify = NONE) {
        return 403;
    }
    location / {
        proxy_pass http://127.0.0.1:9000;
    }
}
`,
  },
  {
    name: 'Whoever names no server is asked by another',
    finds: 'no-sni-other-trust',
    text: `events { }
http {
    server_tokens off;
    server {
        listen 443 ssl default_server;
        server_name www.example.com;
${TLS.replaceAll(/^ {4}/gm, '        ')}    }
    server {
        listen 443 ssl;
        server_name api.example.com;
${TLS.replaceAll(/^ {4}/gm, '        ')}        ssl_client_certificate /etc/nginx/clients.pem;
        ssl_verify_client on;
        ssl_verify_depth 3;
        ssl_session_cache shared:all:10m;
    }
}
`,
  },
  {
    name: 'A header that a client can forge',
    finds: 'identity-header-forgeable',
    text: `server {
    listen 443 ssl;
    server_name api.example.com;
${TLS}
    ssl_client_certificate /etc/nginx/clients.pem;
    ssl_verify_client on;
    ssl_verify_depth 3;

    location / {
        proxy_set_header X-SSL-Client-Verify $ssl_client_verify;
        proxy_pass http://127.0.0.1:9000;
    }
    location /reports/ {
        proxy_set_header Host $host;
        proxy_pass http://127.0.0.1:9000;
    }
}
`,
  },
  {
    name: 'Old TLS, and a port without any',
    finds: 'plain-listener',
    text: `server {
    listen 80;
    listen 443 ssl;
    server_name old.example.com;
    ssl_certificate     /etc/nginx/tls/fullchain.pem;
    ssl_certificate_key /etc/nginx/tls/server.key;
    ssl_protocols TLSv1 TLSv1.1 TLSv1.2;

    ssl_client_certificate /etc/nginx/clients.pem;
    ssl_verify_client on;
    ssl_verify_depth 3;
}
`,
  },
  ...MANIFEST_EXAMPLES,
];
