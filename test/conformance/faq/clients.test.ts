import { once } from 'node:events';
import { createServer, type Server } from 'node:tls';
import { afterAll, beforeAll, expect } from 'vitest';
import { makeCa, type TestCa, type TestCertificate, type TestCertificateOptions } from '#kit';
import { freePorts } from '../local-nginx.js';
import { type Situation, tryEntries } from './page.js';
import { NAME, Site } from './site.js';

const ASK = 'ssl_client_certificate bundle.pem; ssl_verify_client on;';
const WELL = 'SUCCESS';

let site: Site;
let old: TestCa;
let fresh: TestCa;
let client: TestCertificate;

beforeAll(async () => {
  site = await Site.open();
  old = await makeCa({ commonName: 'old' });
  fresh = await makeCa({ commonName: 'fresh' });
  client = await old.issueClient({ commonName: 'pos' });
  await site.folder.write('bundle.pem', old.certificatePem);
  await site.folder.write('fresh.pem', fresh.certificatePem);
});

afterAll(() => site.close());

const noCertificate: Situation = {
  said: async () => {
    await site.serve(ASK);
    return site.curl(null);
  },
  mended: () => site.curl({ certificate: client }),
  well: WELL,
};

/** The one that this page is about: the PKI changed its CA, and nginx did not hear of it. */
const unknownCa: Situation = {
  said: async () => {
    await site.serve(ASK);
    return site.curl({ certificate: await fresh.issueClient({ commonName: 'pos' }) });
  },
  mended: async () => {
    await site.folder.replace('bundle.pem', old.certificatePem + fresh.certificatePem);
    await site.serve(ASK);
    return site.curl({ certificate: await fresh.issueClient({ commonName: 'pos' }) });
  },
  well: WELL,
};

const plainRequest: Situation = {
  said: async () => {
    await site.serve(ASK);
    return site.curl({ certificate: client }, [site.url('http')]);
  },
  mended: () => site.curl({ certificate: client }),
  well: WELL,
};

/** A second server on the socket, with other CAs. */
const otherName: Situation = {
  said: async () => {
    await site.serve(
      ASK,
      `server { listen 127.0.0.1:${site.port} ssl; server_name other.test;
        ssl_certificate server.pem; ssl_certificate_key server.key; ssl_client_certificate fresh.pem;
        ssl_verify_client on; }`,
    );
    return site.curl({ certificate: client }, ['-H', 'Host: other.test']);
  },
  mended: () => site.curl({ certificate: client }, ['-H', `Host: ${NAME}`]),
  well: WELL,
};

/** The server sends its own certificate without the intermediate that signed it. */
const serverChain: Situation = {
  said: async () => {
    const root = await makeCa({ commonName: 'server root' });
    const middle = await root.issueIntermediate({ commonName: 'server middle' });
    const pair = await middle.issueClient({ commonName: NAME, dnsNames: [NAME], extendedKeyUsages: [] });
    await site.folder.write('root.pem', root.certificatePem);
    await site.folder.write('leaf.pem', pair.certificatePem);
    await site.folder.write('fullchain.pem', pair.certificatePem + middle.certificatePem);
    await site.folder.write('server.key', pair.privateKeyPem);
    await site.folder.replace('server.pem', pair.certificatePem);
    await site.serve(ASK);
    return logged(await site.curl({ certificate: client }, ['--cacert', 'root.pem']), 'unknown ca');
  },
  mended: async () => {
    await site.run('cp', ['fullchain.pem', 'server.pem.new']);
    await site.run('mv', ['server.pem.new', 'server.pem']);
    await site.serve(ASK);
    return site.curl({ certificate: client }, ['--cacert', 'root.pem']);
  },
  well: WELL,
};

/** nginx may hear of it when the client is already gone. */
async function logged(said: string, words: string): Promise<string> {
  let all = said;
  const grown = () => {
    all += site.newLog();
    return all;
  };
  await expect.poll(grown, { timeout: 10_000 }).toContain(words);
  return all;
}

/** A server that ends the handshake of whoever shows nothing, as nginx never does. */
async function strictServer(): Promise<{ server: Server; port: number }> {
  const [port = 0] = await freePorts(1);
  const pair = await old.issueClient({ commonName: NAME, dnsNames: [NAME], extendedKeyUsages: [] });
  const options = { cert: pair.certificatePem, key: pair.privateKeyPem, ca: old.certificatePem };
  const server = createServer({ ...options, requestCert: true, rejectUnauthorized: true }, (socket) => {
    socket.on('error', () => {});
    socket.end('HTTP/1.1 200 OK\r\nContent-Length: 7\r\nConnection: close\r\n\r\nSUCCESS');
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return { server, port };
}

/** By way of an nginx that has the strict server behind it. */
async function throughProxy(settings: string): Promise<string> {
  const { server, port } = await strictServer();
  try {
    await site.serve(
      '',
      `server { listen 127.0.0.1:${proxyPort}; location / {
      proxy_pass https://127.0.0.1:${port}; ${settings} } }`,
    );
    return await site.curl(null, [`http://127.0.0.1:${proxyPort}/`]);
  } finally {
    server.close();
  }
}

let proxyPort = 0;
const strictUpstream = (protocol: string): Situation => ({
  said: async () => {
    [proxyPort = 0] = await freePorts(1);
    return throughProxy(`proxy_ssl_protocols ${protocol};`);
  },
  mended: async () => {
    await site.identity({ certificate: client });
    return throughProxy(`proxy_ssl_protocols ${protocol};
      proxy_ssl_certificate identity.pem; proxy_ssl_certificate_key identity.pem;`);
  },
  well: WELL,
});

/** What curl says of its own certificate, before it asks anybody. */
const weakClient = (weak: TestCertificateOptions): Situation => ({
  said: async () => {
    const ca = await makeCa({ commonName: 'rsa', key: 'RSA-2048' });
    return site.curl({ certificate: await ca.issueClient(weak) });
  },
  mended: async () => {
    await site.serve(ASK);
    return site.curl({ certificate: await old.issueClient({ commonName: 'pos', key: 'RSA-2048' }) });
  },
  well: WELL,
});

tryEntries('test/conformance/faq/clients.test.ts', {
  '400 No required SSL certificate was sent': [noCertificate],
  '400 The SSL certificate error': [unknownCa],
  '400 The plain HTTP request was sent to HTTPS port': [plainRequest],
  '421 Misdirected Request': [otherName],
  'tlsv13 alert certificate required': [strictUpstream('TLSv1.3')],
  'sslv3 alert handshake failure': [strictUpstream('TLSv1.2')],
  'could not load PEM client certificate...ee key too small': [
    weakClient({ commonName: 'pos', key: 'RSA-1024' }),
  ],
  'could not load PEM client certificate...ca md too weak': [
    weakClient({ commonName: 'pos', hash: 'SHA-1' }),
  ],
  'SSL certificate problem: unable to get local issuer certificate': [serverChain],
});
