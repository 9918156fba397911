import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, expect } from 'vitest';
import { makeCa, type TestCa, type TestCertificate } from '#kit';
import { fixConfig } from '#nginx-audit';
import { freePorts } from '../local-nginx.js';
import { type Situation, tryEntries } from './page.js';
import { NAME, Site } from './site.js';

const ASK = 'ssl_client_certificate bundle.pem; ssl_verify_client on;';
const REFUSED = '400 The SSL certificate error';

let site: Site;
let old: TestCa;
let fresh: TestCa;
let stranger: TestCertificate;

beforeAll(async () => {
  site = await Site.open();
  old = await makeCa({ commonName: 'ca' });
  fresh = await makeCa({ commonName: 'fresh' });
  stranger = await (await makeCa({ commonName: 'ca' })).issueClient({ commonName: 'stranger' });
  await site.folder.write('bundle.pem', old.certificatePem);
  await site.folder.write('ticket.key', randomBytes(80));
});

afterAll(() => site.close());

/** Settings that `windlass audit --write` mends: it writes what fixConfig gives. */
const mendedByAudit = (loose: string, shown: () => TestCertificate | null, well: string): Situation => {
  const ask = () => {
    const certificate = shown();
    return site.curl(certificate === null ? null : { certificate });
  };
  return {
    well,
    said: async () => {
      await site.serve(loose);
      return ask();
    },
    mended: async () => {
      const fixed = fixConfig('settings', [
        { path: 'settings', content: `server { listen 443 ssl; ${loose} }` },
      ]);
      const content = fixed.files[0]?.content ?? '';
      await site.serve(/ssl; (.*) }/s.exec(content)?.[1] ?? '');
      return ask();
    },
  };
};

/** Somebody else has the port that the next configuration wants. */
let taken: { server: Server; port: number };
async function reloaded(settings: string): Promise<string> {
  await site.write(settings, `server { listen 127.0.0.1:${taken.port}; }`);
  return site.run('sh', [
    '-c',
    `nginx -p . -c nginx.conf -t && nginx -p . -c nginx.conf -s reload && echo reload: $?`,
  ]);
}

async function logged(words: string): Promise<string> {
  let log = '';
  const grown = () => {
    log += site.newLog();
    return log;
  };
  await expect.poll(grown, { timeout: 20_000 }).toContain(words);
  return log;
}

const keptOldTrust: Situation = {
  said: async () => {
    const [port = 0] = await freePorts(1);
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    taken = { server, port };
    await site.serve(ASK);
    await site.folder.write('next.pem', old.certificatePem + fresh.certificatePem);
    expect(await reloaded(ASK.replace('bundle', 'next'))).toContain('reload: 0');
    const log = await logged('still could not bind');
    return log + (await site.curl({ certificate: await fresh.issueClient({ commonName: 'pos' }) }));
  },
  mended: async () => {
    taken.server.close();
    await once(taken.server, 'close');
    await site.serve(ASK.replace('bundle', 'next'), `server { listen 127.0.0.1:${taken.port}; }`);
    return site.curl({ certificate: await fresh.issueClient({ commonName: 'pos' }) });
  },
  well: 'SUCCESS',
};

/** The CA gets another key under its name; the client has a session of before. */
const resumed: Situation = {
  said: async () => sessionOver('ssl_session_ticket_key ticket.key;'),
  mended: async () => sessionOver('ssl_session_tickets off; ssl_session_cache none;'),
  well: REFUSED,
};

async function sessionOver(keeping: string): Promise<string> {
  const settings = `${ASK} ${keeping}`;
  await site.folder.replace('bundle.pem', old.certificatePem);
  await site.serve(settings);
  await site.identity({ certificate: await old.issueClient({ commonName: 'dropped' }) });
  const first = await sClient('-sess_out');
  expect(first).toContain('200 OK');
  await site.folder.replace('bundle.pem', (await makeCa({ commonName: 'ca' })).certificatePem);
  await site.serve(settings);
  return sClient('-sess_in');
}

function sClient(session: '-sess_out' | '-sess_in'): Promise<string> {
  const words = ['s_client', '-connect', `127.0.0.1:${site.port}`, '-servername', NAME, '-ign_eof'];
  const identity = ['-cert', 'identity.pem', '-key', 'identity.pem', session, 'session.pem'];
  const request = `GET / HTTP/1.1\r\nHost: ${NAME}\r\nConnection: close\r\n\r\n`;
  return site.run('openssl', [...words, ...identity], request);
}

tryEntries('test/conformance/faq/silence.test.ts', {
  'FAILED:unable to verify the first certificate': [
    mendedByAudit(
      'ssl_client_certificate bundle.pem; ssl_verify_client optional_no_ca;',
      () => stranger,
      REFUSED,
    ),
  ],
  NONE: [
    mendedByAudit(
      'ssl_client_certificate bundle.pem; ssl_verify_client optional;',
      () => null,
      '400 No required SSL certificate was sent',
    ),
  ],
  'bind() to ... failed (98: Address already in use)': [keptOldTrust],
  'Reused, TLSv1': [resumed],
});
