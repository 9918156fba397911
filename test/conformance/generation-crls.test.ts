import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { X509Mint } from '#certificates';
import { type ProbeIdentity, type ProbeTarget, Secret, type SessionKind } from '#engine';
import { TlsProbe } from '#probe';
import { composeGeneration, markerName, markerOf } from '#trust';
import { revocationList } from '../kit/crl.js';
import { makeCa, type TestCa, type TestCertificate } from '../kit/pki.js';
import { freePorts, LocalNginx, NginxFolder } from './local-nginx.js';
import { statusOf } from './probe-servers.js';

const [NEXT = '', NEWEST = ''] = execFileSync('node', ['tools/nginx/build.mjs'], { encoding: 'utf8' })
  .trim()
  .split('\n');
const NGINXES = [
  { name: 'nginx of this Debian', binary: 'nginx' },
  { name: 'nginx 1.26.3', binary: NEXT },
  { name: 'nginx 1.28.3', binary: NEWEST },
];
const KINDS: readonly SessionKind[] = ['TLS 1.2 session id', 'TLS 1.2 ticket', 'TLS 1.3 ticket'];
const DAY = 86_400_000;
const FILE = 'generation.pem';

const mint = new X509Mint();
const probe = new TlsProbe({ timeoutMilliseconds: 10_000 });

function identityOf({ certificatePem, privateKeyPem }: TestCertificate): ProbeIdentity {
  return { certificatePem, chainPem: '', privateKey: new Secret(privateKeyPem) };
}

/** One file of anchors, CRLs and marker, which `ssl_client_certificate` and `ssl_crl` both name. */
class OneFile {
  private number = 0;

  private constructor(
    readonly cas: readonly TestCa[],
    readonly folder: NginxFolder,
    readonly nginx: LocalNginx,
    readonly target: ProbeTarget,
  ) {}

  static async serve(binary: string): Promise<OneFile> {
    const cas = [await makeCa({ commonName: 'CA 1' }), await makeCa({ commonName: 'CA 2' })];
    const folder = await NginxFolder.create();
    const pair = await (await makeCa({ commonName: 'servers' })).issueClient({
      ...{ commonName: 'server', extendedKeyUsages: [] },
    });
    await folder.write('server.pem', pair.certificatePem);
    await folder.write('server.key', pair.privateKeyPem);
    await folder.write('ticket.key', randomBytes(80));
    const [port = 0] = await freePorts(1);
    await folder.configure(`server {
      listen 127.0.0.1:${port} ssl; server_name edge.test;
      ssl_certificate server.pem; ssl_certificate_key server.key; ssl_protocols TLSv1.2 TLSv1.3;
      ssl_session_cache shared:s:1m; ssl_session_ticket_key ticket.key;
      ssl_client_certificate ${FILE}; ssl_crl ${FILE}; ssl_verify_client on;
      location / { return 200; }
    }`);
    await folder.write(FILE, await contentOf(cas, 1));
    const nginx = await LocalNginx.start(folder, port, binary);
    return new OneFile(cas, folder, nginx, {
      ...{ address: '127.0.0.1', port, serverName: 'edge.test', path: '/' },
    });
  }

  async switch(options: { marker?: number | null; revoked?: readonly TestCertificate[]; stale?: boolean }) {
    this.number += 1;
    const { marker = this.number + 1 } = options;
    await this.folder.replace(FILE, await contentOf(this.cas, marker, options));
    await this.nginx.reload();
  }

  async status(identity: ProbeIdentity | null): Promise<ReturnType<typeof statusOf>> {
    return statusOf(await probe.ask(this.target, identity));
  }

  async stop(): Promise<void> {
    await this.nginx.stop();
    await this.folder.remove();
  }
}

async function contentOf(
  cas: readonly TestCa[],
  marker: number | null,
  { revoked = [], stale = false }: { revoked?: readonly TestCertificate[]; stale?: boolean } = {},
): Promise<string> {
  const plain = composeGeneration({
    ...{ anchorsPem: cas.map(({ certificatePem }) => certificatePem), markerPem: null },
  });
  const crls = await Promise.all(
    cas.map((ca, at) =>
      revocationList(ca, {
        ...(at === 0 ? { revoked } : {}),
        ...(stale && at === 0 ? { thisUpdate: Date.now() - 2 * DAY, nextUpdate: Date.now() - DAY } : {}),
      }),
    ),
  );
  const markerPem = marker === null ? '' : await mint.marker(markerName('edge', marker, plain.digest));
  return [plain.content, ...crls, markerPem].join('\n');
}

describe.each(NGINXES)('one file of anchors, CRLs and marker, $name', ({ binary }) => {
  let served: OneFile;
  let clients: TestCertificate[];
  beforeAll(async () => {
    served = await OneFile.serve(binary);
    clients = await Promise.all(
      served.cas.flatMap((ca) => [1, 2].map((n) => ca.issueClient({ commonName: `client ${n}` }))),
    );
  });
  afterAll(() => served?.stop());
  const statuses = () => Promise.all(clients.map((client) => served.status(identityOf(client))));

  it('lets in the clients of every anchor, and nobody else', async () => {
    expect(await statuses()).toEqual([200, 200, 200, 200]);
    const stranger = await mint.stranger();
    expect([await served.status(stranger), await served.status(null)]).toEqual([400, 400]);
    const names = await probe.servedCaNames(served.target);
    expect(markerOf(names ?? [])).toMatch(/^windlass edge generation 1 /);
  });

  it('F16: ends the session of a client that the next CRL revokes, and only with another marker', async () => {
    const [revoked] = clients;
    if (revoked === undefined) throw new Error('there are clients');
    const identity = identityOf(revoked);
    const save = () =>
      Promise.all(
        KINDS.map(async (kind) => {
          const { session } = await probe.visit(served.target, identity, { kind, session: null });
          return { kind, session };
        }),
      );
    const comeBack = (saved: Awaited<ReturnType<typeof save>>) =>
      Promise.all(
        saved.map(async ({ kind, session }) => {
          const { answer } = await probe.visit(served.target, identity, { kind, session });
          return statusOf(answer);
        }),
      );
    await served.switch({ marker: null });
    const unmarked = await save();
    await served.switch({ marker: null, revoked: [revoked] });
    // The CA names are the same: what was verified once is let in by its session.
    expect(await comeBack(unmarked)).toEqual([200, 200, 200]);
    expect(await statuses()).toEqual([400, 200, 200, 200]);

    await served.switch({});
    const marked = await save();
    expect(await comeBack(marked)).toEqual([200, 200, 200]);
    await served.switch({ revoked: [revoked] });
    expect(await comeBack(marked)).toEqual([400, 400, 400]);
    expect(await statuses()).toEqual([400, 200, 200, 200]);
  });

  it('F32: a stale CRL refuses every client of its CA', async () => {
    await served.switch({ stale: true });
    expect(await statuses()).toEqual([400, 400, 200, 200]);
  });

  it('a file without a CRL is loaded before 1.27.2 and refuses everybody, and fails nginx -t since', async () => {
    const plain = composeGeneration({
      ...{ anchorsPem: served.cas.map(({ certificatePem }) => certificatePem), markerPem: null },
    });
    await served.folder.replace(FILE, plain.content);
    const complaint = await served.folder.test(binary);
    if (binary === NEWEST) {
      expect(complaint).toContain('PEM_read_bio_X509_CRL');
      return;
    }
    expect(complaint).toBeNull();
    await served.nginx.reload();
    expect(await statuses()).toEqual([400, 400, 400, 400]);
  });
});
