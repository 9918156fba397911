import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeCa, type TestCertificate } from '../kit/pki.js';
import { ask, type Question } from './audit-client.js';
import { freePorts, LocalNginx, NginxFolder } from './local-nginx.js';

let folder: NginxFolder;
/** Of the trusted CA: the client that is meant, one whose name only begins so, and one that has it elsewhere. */
let meant: TestCertificate;
let longer: TestCertificate;
let elsewhere: TestCertificate;
/** Of a CA that nobody trusts, with the name that is meant. */
let stranger: TestCertificate;

beforeAll(async () => {
  folder = await NginxFolder.create();
  const ca = await makeCa({ commonName: 'ca' });
  meant = await ca.issueClient({ commonName: 'api' });
  longer = await ca.issueClient({ commonName: 'api-evil' });
  elsewhere = await ca.issueClient({ commonName: 'evil', subject: 'O=CN\\=api, CN=evil' });
  const other = await makeCa({ commonName: 'other' });
  stranger = await other.issueClient({ commonName: 'api' });
  const pair = await other.issueClient({ commonName: 'a.test', extendedKeyUsages: [] });
  await folder.write('server.pem', pair.certificatePem);
  await folder.write('server.key', pair.privateKeyPem);
  await folder.write('ca.pem', ca.certificatePem);
});

afterAll(() => folder.remove());

interface Annotations {
  readonly verify: string;
  readonly matchCn?: string;
  readonly errorPage?: string;
}

/** The lines of client certificates that ingress-nginx puts into the server of a host, in its order. */
function serverOf({ verify, matchCn, errorPage }: Annotations): string {
  return `server {
    listen 127.0.0.1:PLAIN;
    listen 127.0.0.1:PORT ssl;
    ${matchCn === undefined ? '' : `if ($ssl_client_s_dn !~ "${matchCn}") { return 403; }`}
    ssl_certificate server.pem; ssl_certificate_key server.key;
    ssl_client_certificate ca.pem; ssl_verify_client ${verify}; ssl_verify_depth 1;
    ${errorPage === undefined ? '' : `error_page 495 496 = ${errorPage};`}
    location / { return 200 $uri; }
  }`;
}

type Client = Omit<Question, 'port'> & { readonly plain?: boolean };

async function answers(annotations: Annotations, clients: readonly Client[]): Promise<string[]> {
  const [port = 0, plain = 0] = await freePorts(2);
  await folder.configure(
    serverOf(annotations).replaceAll('PORT', String(port)).replaceAll('PLAIN', String(plain)),
  );
  const nginx = await LocalNginx.start(folder, port);
  try {
    const all = clients.map((client) =>
      client.plain ? ask({ ...client, port: plain, tls: false }) : ask({ ...client, port }),
    );
    return (await Promise.all(all)).map(({ status, body }) =>
      status === 200 ? `200 ${body}`.trim() : String(status),
    );
  } finally {
    await nginx.stop();
  }
}

const client = (certificate: TestCertificate | null): Client => ({ certificate, path: '/pay' });
const PLAIN: Client = { certificate: null, plain: true };

/** What rules of the scan take for granted. */
describe('what ingress-nginx writes, on real nginx', () => {
  test('on: only clients of the CA get in, except without TLS', async () => {
    expect(await answers({ verify: 'on' }, [client(meant), client(stranger), client(null), PLAIN])).toEqual([
      ...['200 /pay', '400', '400', '200'],
    ]);
  });

  test('optional lets in who shows nothing, and a match-cn keeps him out', async () => {
    const clients = [client(meant), client(stranger), client(null), PLAIN];
    expect(await answers({ verify: 'optional' }, clients)).toEqual(['200 /pay', '400', '200 /pay', '200']);
    const matched = { verify: 'optional', matchCn: 'CN=api(,|$)' };
    expect(await answers(matched, clients)).toEqual(['200 /pay', '400', '403', '403']);
  });

  test('optional_no_ca lets in who signed his name himself, whatever match-cn says', async () => {
    const annotations = { verify: 'optional_no_ca', matchCn: 'CN=api(,|$)' };
    expect(await answers(annotations, [client(stranger), client(null)])).toEqual(['200 /pay', '403']);
    expect(await answers({ verify: 'optional_no_ca' }, [client(null)])).toEqual(['200 /pay']);
  });

  test('a match-cn without an end takes longer names, and names elsewhere even with one', async () => {
    const clients = [client(meant), client(longer), client(elsewhere)];
    const open = await answers({ verify: 'on', matchCn: 'CN=api' }, clients);
    expect(open).toEqual(['200 /pay', '200 /pay', '200 /pay']);
    const ended = await answers({ verify: 'on', matchCn: 'CN=api(,|$)' }, clients);
    expect(ended).toEqual(['200 /pay', '403', '200 /pay']);
    expect(await answers({ verify: 'on', matchCn: 'CN=web|v' }, [client(longer)])).toEqual(['200 /pay']);
  });

  test('an error page of its own is served to whoever was refused, one elsewhere is a redirect', async () => {
    expect(await answers({ verify: 'on', errorPage: '/error' }, [client(null), client(stranger)])).toEqual([
      ...['200 /error', '200 /error'],
    ]);
    expect(await answers({ verify: 'on', errorPage: 'https://help.test/' }, [client(null)])).toEqual(['302']);
  });

  test('off asks nobody', async () => {
    expect(await answers({ verify: 'off' }, [client(null)])).toEqual(['200 /pay']);
  });

  test.each([
    ['a second ssl_verify_client', 'ssl_verify_client on; ssl_verify_client off;', 'is duplicate'],
    ['one in a location', 'location / { ssl_verify_client off; }', 'is not allowed here'],
    ['a depth below zero', 'ssl_verify_depth -1;', 'invalid number'],
  ])('%s of a snippet keeps nginx from loading', async (_what, inside, complaint) => {
    await folder.configure(`server { listen 127.0.0.1:1; ${inside} }`);
    expect(await folder.test()).toContain(complaint);
  });
});
