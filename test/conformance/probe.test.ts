import { once } from 'node:events';
import { createServer as createSilentServer, type Server } from 'node:net';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:tls';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { X509Mint } from '#certificates';
import { PortError, type ProbeIdentity, type ProbeTarget, Secret } from '#engine';
import { TlsProbe } from '#probe';
import { composeGeneration, judgeProbe, markerName, markerOf, parseBundle } from '#trust';
import { makeCa, type TestCa, type TestCertificate } from '../kit/pki.js';
import { loadableTexts, unloadableTexts } from './bundle-texts.js';
import { freePorts, LocalNginx, NginxFolder } from './local-nginx.js';
import { keyLines, SERVERS, SETTINGS, type ServerKind, server, statusOf } from './probe-servers.js';

/** Listeners beside nginx; nobody listens on the last one. */
const OTHERS = ['silent', 'hangsUp', 'closed'] as const;

/** The names alone: the certificates do not exist yet when the tests are listed. */
const LOADABLE = loadableTexts('', '').map(({ name }, index) => ({ name, index }));
const UNLOADABLE = unloadableTexts('', '').map(({ name }, index) => ({ name, index }));

const probe = new TlsProbe({ timeoutMilliseconds: 5_000 });
const impatient = new TlsProbe({ timeoutMilliseconds: 150 });
let nginx: LocalNginx;
let folder: NginxFolder;
let ports: Record<ServerKind | (typeof OTHERS)[number], number>;
let textPorts: number[];
let texts: ReturnType<typeof loadableTexts>;
let silent: Server;
let hangsUp: TlsServer;
let ca: TestCa;
let secondCa: TestCa;
let serverPair: TestCertificate;
let trusted: ProbeIdentity;
let untrusted: ProbeIdentity;
let stranger: ProbeIdentity;
let marker: string;

function identity(certificate: TestCertificate, chainPem = ''): ProbeIdentity {
  return {
    certificatePem: certificate.certificatePem,
    chainPem,
    privateKey: new Secret(certificate.privateKeyPem),
  };
}

function target(server: keyof typeof ports, serverName: string | null = null): ProbeTarget {
  return at(ports[server], serverName);
}

function at(port: number, serverName: string | null = null): ProbeTarget {
  return { address: '127.0.0.1', port, serverName, path: '/' };
}

async function makeCertificates(): Promise<void> {
  ca = await makeCa({ commonName: 'clients', subject: 'C=DE, O=Acme, CN=clients' });
  secondCa = await makeCa({ commonName: 'second', subject: 'C=DE, CN="second, \\"quoted\\" + Ü"' });
  const serverCa = await makeCa({ commonName: 'servers' });
  serverPair = await serverCa.issueClient({ commonName: 'server', extendedKeyUsages: [] });
  trusted = identity(await ca.issueClient({ commonName: 'good' }));
  untrusted = identity(await (await makeCa({ commonName: 'other' })).issueClient({ commonName: 'bad' }));
  stranger = await new X509Mint().stranger();
  texts = loadableTexts(ca.certificatePem, secondCa.certificatePem);
}

async function writeFiles(): Promise<void> {
  const anchorsPem = [ca.certificatePem];
  marker = markerName('edge fleet', 7, composeGeneration({ anchorsPem, markerPem: null }).digest);
  const generation = composeGeneration({ anchorsPem, markerPem: await new X509Mint().marker(marker) });
  await folder.write('server.pem', serverPair.certificatePem);
  await folder.write('server.key', serverPair.privateKeyPem);
  await folder.write('bundle.pem', generation.content);
  await folder.write('second.pem', secondCa.certificatePem);
  for (const [index, { text }] of texts.entries()) await folder.write(`text-${index}.pem`, text);
}

async function configure(): Promise<void> {
  const kinds = SERVERS.map((kind) => server(ports[kind], 'bundle.pem', SETTINGS[kind]));
  const named = server(ports.plain, 'second.pem', `${SETTINGS.plain} server_name second.test;`);
  const variants = textPorts.map((port, index) => server(port, `text-${index}.pem`, SETTINGS.tls12));
  await folder.configure([...kinds, named, ...variants].join('\n'));
}

async function choosePorts(): Promise<void> {
  const free = await freePorts(SERVERS.length + OTHERS.length + texts.length);
  const [plain = 0, masked = 0, tls12 = 0, tls13 = 0, optional = 0, guarded = 0, off = 0, ...more] = free;
  const [silentPort = 0, hangsUpPort = 0, closed = 0, ...rest] = more;
  ports = {
    ...{ plain, masked, tls12, tls13, optional, guarded, off },
    ...{ silent: silentPort, hangsUp: hangsUpPort, closed },
  };
  textPorts = rest;
}

async function startOthers(): Promise<void> {
  silent = createSilentServer().listen(ports.silent, '127.0.0.1');
  // What nginx `stream` does to a client that it refuses: a whole handshake, then an end.
  hangsUp = createTlsServer({ key: serverPair.privateKeyPem, cert: serverPair.certificatePem }, (socket) =>
    socket.end(),
  ).listen(ports.hangsUp, '127.0.0.1');
  await Promise.all([once(silent, 'listening'), once(hangsUp, 'listening')]);
}

beforeAll(async () => {
  folder = await NginxFolder.create();
  await makeCertificates();
  await writeFiles();
  await choosePorts();
  await configure();
  nginx = await LocalNginx.start(folder, ports.plain);
  await startOthers();
});

afterAll(async () => {
  await nginx?.stop();
  silent?.close();
  hangsUp?.close();
  await folder?.remove();
});

/** The answers that one listener gives to a client that may get in and to three that may not. */
async function answersOf(kind: ServerKind) {
  const [good, bad, unknown, none] = await Promise.all(
    [trusted, untrusted, stranger, null].map((who) => probe.ask(target(kind), who)),
  );
  if (!good || !bad || !unknown || !none) throw new Error('four questions have four answers');
  return { good, bad, controls: { stranger: unknown, noCertificate: none } };
}

describe('ask', () => {
  test.each([
    { kind: 'tls12', tls: 'TLSv1.2' },
    { kind: 'tls13', tls: 'TLSv1.3' },
    { kind: 'plain', tls: 'TLSv1.3' },
  ] as const)('tells the trusted client from all others under verify on ($kind)', async ({ kind, tls }) => {
    const { good, bad, controls } = await answersOf(kind);
    const refused = { kind: 'http', status: 400, tls };
    expect(good).toEqual({ kind: 'http', status: 200, tls });
    expect([bad, controls.stranger, controls.noCertificate]).toEqual([refused, refused, refused]);
    expect(judgeProbe(good, controls).verdict).toBe('accepted');
    expect(judgeProbe(bad, controls).verdict).toBe('refused');
  });

  test('proves nothing where error_page turns every refusal into 200', async () => {
    const { good, bad, controls } = await answersOf('masked');
    expect([good, bad, controls.stranger, controls.noCertificate].map(statusOf)).toEqual([
      200, 200, 200, 200,
    ]);
    expect(judgeProbe(good, controls).verdict).toBe('unknown');
    expect(judgeProbe(bad, controls).verdict).toBe('unknown');
  });

  test('sees that verify optional refuses a bad certificate, and cannot prove a good one', async () => {
    const { good, bad, controls } = await answersOf('optional');
    expect([good, bad, controls.stranger, controls.noCertificate].map(statusOf)).toEqual([
      200, 400, 400, 200,
    ]);
    expect(judgeProbe(bad, controls).verdict).toBe('refused');
    expect(judgeProbe(good, controls).verdict).toBe('unknown');
  });

  test('reads a guard that answers 403 as a refusal', async () => {
    const { good, bad, controls } = await answersOf('guarded');
    expect([good, bad, controls.stranger, controls.noCertificate].map(statusOf)).toEqual([
      200, 403, 403, 403,
    ]);
    expect(judgeProbe(good, controls).verdict).toBe('accepted');
    expect(judgeProbe(bad, controls).verdict).toBe('refused');
  });

  test('proves nothing where verify is off', async () => {
    const { good, bad, controls } = await answersOf('off');
    expect([good, bad, controls.stranger, controls.noCertificate].map(statusOf)).toEqual([
      200, 200, 200, 200,
    ]);
    expect(judgeProbe(good, controls).verdict).toBe('unknown');
    expect(judgeProbe(bad, controls).verdict).toBe('unknown');
  });

  test('lets the server name choose the server', async () => {
    const second = identity(await secondCa.issueClient({ commonName: 'of the second' }));
    expect(statusOf(await probe.ask(target('plain', 'second.test'), second))).toBe(200);
    expect(statusOf(await probe.ask(target('plain'), second))).toBe(400);
  });

  test('lets Host name another server than the one of the handshake', async () => {
    const [noName, second] = [target('plain'), target('plain', 'second.test')];
    // Without SNI the default server judges the client, and the other one serves it.
    expect(statusOf(await probe.ask({ ...noName, host: 'second.test' }, trusted))).toBe(200);
    expect(statusOf(await probe.ask({ ...second, host: 'edge.test' }, trusted))).toBe(421);
  });

  test('shows the intermediates of its chain', async () => {
    const intermediate = await ca.issueIntermediate({ commonName: 'issuing' });
    const leaf = await intermediate.issueClient({ commonName: 'below' });
    expect(statusOf(await probe.ask(target('plain'), identity(leaf, intermediate.certificatePem)))).toBe(200);
    expect(statusOf(await probe.ask(target('plain'), identity(leaf)))).toBe(400);
  });

  test('shows even a client certificate that OpenSSL would find too weak', async () => {
    const weak = identity(await ca.issueClient({ commonName: 'weak', key: 'RSA-1024' }));
    expect(statusOf(await probe.ask(target('plain'), weak))).toBe(400);
  });

  test('calls an end behind the handshake a refusal, as nginx stream refuses', async () => {
    expect(await probe.ask(target('hangsUp'), untrusted)).toEqual({
      kind: 'tls-refused',
      alert: 'closed_without_answer',
    });
  });

  test('has no answer of a listener that stays silent', async () => {
    expect(await impatient.ask(target('silent'), trusted)).toEqual({
      kind: 'no-answer',
      reason: 'no answer within 150 ms',
    });
  });

  test('has no answer of a closed port', async () => {
    expect(await probe.ask(target('closed'), trusted)).toEqual({ kind: 'no-answer', reason: 'ECONNREFUSED' });
  });

  test('rejects a key of another certificate without showing it', async () => {
    const error: unknown = await probe
      .ask(target('plain'), { ...trusted, privateKey: untrusted.privateKey })
      .catch((thrown: unknown) => thrown);
    if (!(error instanceof PortError)) throw new Error('a PortError was expected');
    expect(error.problem.code).toBe('probe.identity-unusable');
    const shown = inspect(error, { depth: 10, showHidden: true });
    for (const line of keyLines(untrusted)) expect(shown).not.toContain(line);
  });

  // Shown without its key, the client would be refused for having no certificate.
  test.each(['no PEM at all', ''])('rejects the key %j', async (text) => {
    await expect(
      probe.ask(target('plain'), { ...trusted, privateKey: new Secret(text) }),
    ).rejects.toMatchObject({ problem: { code: 'probe.identity-unusable' } });
  });

  test.each([{ path: '/ HTTP/1.1\r\nX: y' }, { host: 'x\r\nX: y' }])(
    'rejects %j: it would break out of its line',
    async (broken) => {
      await expect(probe.ask({ ...target('plain'), ...broken }, trusted)).rejects.toBeInstanceOf(RangeError);
    },
  );
});

describe('servedCaNames', () => {
  test.each(['plain', 'tls12', 'masked', 'optional', 'guarded'] as const)(
    'reads the names of the bundle in its order, marker included (%s)',
    async (kind) => {
      const names = await probe.servedCaNames(target(kind));
      expect(names).toEqual(['CN=clients,O=Acme,C=DE', `CN=${marker}`]);
      expect(markerOf(names ?? [])).toBe(marker);
    },
  );

  test('lets the server name choose the server', async () => {
    const names = await probe.servedCaNames(target('plain', 'second.test'));
    expect(names).toEqual(['CN=second\\, \\"quoted\\" \\+ Ü,C=DE']);
  });

  test.each(['off', 'hangsUp'] as const)('is null where nobody asks for a certificate (%s)', async (kind) => {
    expect(await probe.servedCaNames(target(kind))).toBeNull();
  });

  test.each(['closed', 'silent'] as const)(
    'is no answer, and so neither names nor their absence, where nobody answers (%s)',
    async (kind) => {
      await expect(impatient.servedCaNames(target(kind))).rejects.toMatchObject({
        problem: { code: 'probe.no-answer' },
        transient: true,
      });
    },
  );

  test.each(LOADABLE)('equals what parseBundle reads: $name', async ({ index }) => {
    const { certificates } = parseBundle(texts[index]?.text ?? '');
    const subjects = [...new Set(certificates.map(({ subject }) => subject))];
    expect(await probe.servedCaNames(at(textPorts[index] ?? 0))).toEqual(subjects);
  });
});

test.each(UNLOADABLE)(
  'nginx fails on a text in which parseBundle finds an error: $name',
  async ({ index }) => {
    const text = unloadableTexts(ca.certificatePem, secondCa.certificatePem)[index]?.text ?? '';
    const broken = await NginxFolder.create();
    try {
      await broken.write('server.pem', serverPair.certificatePem);
      await broken.write('server.key', serverPair.privateKeyPem);
      await broken.write('text.pem', text);
      await broken.configure(server(ports.closed, 'text.pem', SETTINGS.plain));
      expect(await broken.test()).toMatch(/SSL_CTX_load_verify_locations|SSL_load_client_CA_file/);
    } finally {
      await broken.remove();
    }
    expect(parseBundle(text).findings.map(({ severity }) => severity)).toContain('error');
  },
);
