import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { auditConfig, fixConfig, parseIncludeTree, parseNginxDump, sourceOf } from '#nginx-audit';
import { RULE_CASES } from '../../libs/nginx-audit/src/rules/cases/index.fixture.js';
import { revocationList } from '../kit/crl.js';
import { makeCa, type TestCertificate } from '../kit/pki.js';
import { type Answer, ask } from './audit-client.js';
import type { Ask, FixCase, Who } from './audit-fixes.case.js';
import { IDENTITY_FIXES } from './audit-fixes.identity.js';
import { SOCKET_FIXES, STREAM_FIXES } from './audit-fixes.sockets.js';
import { VERIFICATION_FIXES } from './audit-fixes.verification.js';
import { freePorts, LocalNginx, NginxFolder } from './local-nginx.js';

const CASES = [...VERIFICATION_FIXES, ...SOCKET_FIXES, ...IDENTITY_FIXES];
/** Builds them on the first run of a machine. */
const NEWER = execFileSync('node', ['tools/nginx/build.mjs'], { encoding: 'utf8' }).trim().split('\n');

let folder: NginxFolder;
let upstream: Server;
let clients: Record<Who, { certificate: TestCertificate | null; chainPem: string }>;

/** Says which headers reached it, in a form that a regular expression can look into. */
function startUpstream(): Promise<Server> {
  const server = createServer((incoming, response) => {
    const lines = incoming.rawHeaders.flatMap((name, i, all) =>
      i % 2 === 0 ? [`${name.toLowerCase()}: ${all[i + 1]}`] : [],
    );
    response.end(`${lines.join('|')}|`);
  }).listen(0, '127.0.0.1');
  return once(server, 'listening').then(() => server);
}

beforeAll(async () => {
  const ca = await makeCa({ commonName: 'ca' });
  const other = await makeCa({ commonName: 'other' });
  const middle = await ca.issueIntermediate({ commonName: 'middle' });
  const issuing = await middle.issueIntermediate({ commonName: 'issuing' });
  const shown = (certificate: TestCertificate, chainPem = '') => ({ certificate, chainPem });
  clients = {
    nobody: { certificate: null, chainPem: '' },
    good: shown(await ca.issueClient({ commonName: 'good' })),
    other: shown(await other.issueClient({ commonName: 'other client' })),
    stranger: shown(await (await makeCa({ commonName: 'rogue' })).issueClient({ commonName: 'good' })),
    deep: shown(
      await issuing.issueClient({ commonName: 'deep' }),
      issuing.certificatePem + middle.certificatePem,
    ),
    admin: shown(await ca.issueClient({ commonName: 'admin' })),
    administrator: shown(await ca.issueClient({ commonName: 'administrator' })),
  };
  folder = await NginxFolder.create();
  const pair = await (await makeCa({ commonName: 'servers' })).issueClient({
    commonName: 'a.test',
    extendedKeyUsages: [],
  });
  await folder.write('server.pem', pair.certificatePem);
  await folder.write('server.key', pair.privateKeyPem);
  await folder.write('ca.pem', ca.certificatePem);
  await folder.write('other.pem', other.certificatePem);
  await folder.write('crl.pem', await revocationList(ca));
  await folder.write('ticket.key', randomBytes(80));
  upstream = await startUpstream();
});

afterAll(async () => {
  upstream.close();
  await folder.remove();
});

/** The whole nginx.conf of a case. */
function write({ http, outside = '' }: FixCase, ports: Record<string, number>): string {
  const placed = (text: string) =>
    text
      .replaceAll('PAIR', 'ssl_certificate server.pem; ssl_certificate_key server.key;')
      .replaceAll(/\b(P1|P2|UP)\b/g, (name) => String(ports[name]));
  return `${folder.frame(placed(http))}${placed(outside)}`;
}

async function verdicts(
  one: FixCase,
  ports: Record<string, number>,
  binary: string,
  when: 'before' | 'after',
) {
  const start = () => LocalNginx.start(folder, ports.P1 ?? 0, binary);
  let nginx = await start();
  try {
    const seen: [string, string][] = [];
    for (const question of one.asks) {
      const earlier =
        question.resume === undefined ? null : await put(question, ports, question.resume.serverName, null);
      if (question.resume?.restart) {
        await nginx.stop();
        nginx = await start();
      }
      const name = question.serverName ?? null;
      const answer = await put(question, ports, name, earlier?.session ?? null);
      seen.push([
        `${question.who} ${question.path ?? ''}: ${look(answer, question)}`,
        `${question.who} ${question.path ?? ''}: ${expected(question, binary, when)}`,
      ]);
    }
    return { seen: seen.map(([is]) => is), wanted: seen.map(([, should]) => should) };
  } finally {
    await nginx.stop();
  }
}

function expected({ before, after }: Ask, binary: string, when: 'before' | 'after'): string {
  if (when === 'after') return after;
  return typeof before === 'string' ? before : before[binary === 'nginx' ? 0 : 1];
}

function put(
  question: Ask,
  ports: Record<string, number>,
  serverName: string | null,
  session: Buffer | null,
): Promise<Answer> {
  const { who, at = 'P1', resume: _resume, see: _see, before: _before, after: _after, ...rest } = question;
  const host = rest.host === undefined ? {} : { host: serverName ?? rest.host };
  return ask({ ...rest, ...host, ...clients[who], port: ports[at] ?? 0, serverName, session });
}

function look(answer: Answer, { see }: Ask): string {
  if (see === undefined) return String(answer.status);
  if (see === 'resumed') return String(answer.resumed);
  return see.exec(`${answer.head}\n${answer.body}`)?.[0] ?? '';
}

function fixed(one: FixCase, content: string) {
  const main = `${folder.path}/nginx.conf`;
  const options = { clientDepth: one.clientDepth ?? null };
  const files = [{ path: main, content }];
  const result = fixConfig(main, files, options, ({ rule }) => rule === one.rule);
  const left = auditConfig(parseIncludeTree(main, sourceOf(result.files)), options);
  return { text: result.files[0]?.content ?? '', left: left.filter(({ rule }) => rule === one.rule) };
}

async function prove(one: FixCase, binary: string): Promise<void> {
  const [P1 = 0, P2 = 0] = await freePorts(2);
  const ports = { P1, P2, UP: (upstream.address() as AddressInfo).port };
  const content = write(one, ports);
  await folder.write('nginx.conf', content);
  expect(await folder.test(binary)).toBeNull();
  const before = await verdicts(one, ports, binary, 'before');
  const { text, left } = fixed(one, content);
  expect(text).not.toBe(content);
  expect(left).toEqual([]);
  await folder.write('nginx.conf', text);
  expect(await folder.test(binary)).toBeNull();
  const after = await verdicts(one, ports, binary, 'after');
  expect({ before: before.seen, after: after.seen }).toEqual({ before: before.wanted, after: after.wanted });
}

describe.each(['nginx', ...NEWER])('every fix, on %s', (binary) => {
  test.each(CASES.map((one, i) => ({ one, name: `${one.rule} (${i + 1})` })))('$name', ({ one }) =>
    prove(one, binary),
  );
});

describe.each(NEWER)('every fix in stream, on %s', (binary) => {
  test.each(STREAM_FIXES.map((one, i) => ({ one, name: `${one.rule} (${i + 1})` })))('$name', ({ one }) =>
    prove(one, binary),
  );
});

test('no rule has a fix that is proved nowhere', () => {
  const proved = new Set([...CASES, ...STREAM_FIXES].map(({ rule }) => rule));
  const withFix = RULE_CASES.flatMap(({ config, clientDepth }) =>
    auditConfig(parseNginxDump(config), { clientDepth: clientDepth ?? null }).flatMap(({ rule, fix }) =>
      fix === null ? [] : [rule],
    ),
  );
  expect([...new Set(withFix)].filter((rule) => !proved.has(rule))).toEqual([]);
});
