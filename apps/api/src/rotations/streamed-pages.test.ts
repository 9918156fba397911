import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Response } from 'express';
import { afterEach, describe, expect, it } from 'vitest';
import { Secret } from '#engine';
import { DEFAULT_TIMING, EVENT_VERSION, type RotationEvent } from '#rotation';
import { MemoryDatabase, MemoryJournal, MemoryRotationStore } from '#simulation';
import { EventStream } from './event-stream.js';

/** A journal that says how many entries each read of it gave. */
class PagedJournal extends MemoryJournal {
  readonly pages: number[] = [];

  override async read(...asked: Parameters<MemoryJournal['read']>) {
    const entries = await super.read(...asked);
    this.pages.push(entries.length);
    return entries;
  }
}

const RESUMED: RotationEvent = { v: EVENT_VERSION, type: 'rotation.resumed', by: 'a test' };
const ENDED: RotationEvent = { v: EVENT_VERSION, type: 'rotation.ended', status: 'succeeded', because: 'so' };

/** Journals entries of which the first, the request, is there already. */
function add(journal: MemoryJournal, expectedSequence: number, events: readonly RotationEvent[]) {
  const ended = events.at(-1) === ENDED;
  const projection = {
    ...({ status: 'running', phase: 'preflight', ended, rotated: false, rehearsed: false } as const),
    ...{ distrusted: [], retrusted: [], observed: [], fleets: [], decommissionedHostId: null },
  };
  return journal.append({
    rotationId: 'r',
    expectedSequence,
    lease: null,
    events,
    notAfter: null,
    projection,
  });
}

const times = (count: number) => Array.from({ length: count }, () => RESUMED);

async function journalOf(count: number, last: RotationEvent): Promise<PagedJournal> {
  const database = new MemoryDatabase({ now: () => 0 });
  const generation = { content: 'old', digest: 'd'.repeat(64), marker: null };
  const token = { token: new Secret('t'), serverCaPem: null };
  const vault = { id: 'ca', address: 'https://vault.example', namespace: '', mount: 'pki', role: 'r' };
  const fleet = database.recordFleet({
    ...{ name: 'edge', soakSeconds: 1, contractWhen: 'soaked', clientLog: null, canaryHosts: 1 },
    ...{ caTtlSeconds: 1, samples: [], hosts: [], generation },
    issuingCa: { kind: 'vault', ...vault, ...token },
  });
  const snapshot = {
    ...{ rotationId: 'r', fleetId: fleet.id, fleetName: 'edge', installation: 'i', epoch: 1 },
    ...({
      strategy: 'overlap',
      waves: [],
      batchSize: 1,
      hostNames: {},
      soakSeconds: 1,
      caTtlSeconds: 1,
    } as const),
    ...{ timing: DEFAULT_TIMING, otherFleets: [], requestedBy: 'a test', reason: 'to see' },
    old: { id: fleet.generationId, number: 1, digest: generation.digest, marker: null },
  };
  const requested = { v: EVENT_VERSION, type: 'rotation.requested', snapshot } as const;
  await new MemoryRotationStore(database).create(
    { id: 'r', fleetId: fleet.id, epoch: 1, locks: [] },
    requested,
  );
  const journal = new PagedJournal(database);
  await add(journal, 1, [...times(count - 2), last]);
  return journal;
}

const opened: (() => void)[] = [];
afterEach(() => {
  for (const close of opened.splice(0)) close();
});

/** The sequences that a client is sent, as they come; complete when the stream ends. */
async function follow(journal: MemoryJournal, after = 0) {
  const server = createServer((_, response) => {
    void new EventStream(journal, 'r', response as unknown as Response).run(after);
  }).listen(0, '127.0.0.1');
  opened.push(() => server.close().closeAllConnections());
  await once(server, 'listening');
  const [reply]: IncomingMessage[] = await once(
    get({ host: '127.0.0.1', port: (server.address() as AddressInfo).port }),
    'response',
  );
  return (reply ?? expect.unreachable()).setEncoding('utf8');
}

async function sequencesOf(reply: IncomingMessage, seen: (text: string) => void = () => undefined) {
  let text = '';
  for await (const chunk of reply) {
    text += chunk;
    seen(text);
  }
  return [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
}

const upTo = (last: number, first = 1) =>
  Array.from({ length: last - first + 1 }, (_, place) => first + place);

describe('a long journal that is streamed', () => {
  it('is sent whole, in order and once, and is in memory page by page', async () => {
    const journal = await journalOf(1_200, ENDED);
    expect(await sequencesOf(await follow(journal))).toEqual(upTo(1_200));
    expect(journal.pages).toEqual([500, 500, 200]);
  });

  it('ends where its last entry is the last of a page', async () => {
    const journal = await journalOf(1_000, ENDED);
    expect(await sequencesOf(await follow(journal))).toEqual(upTo(1_000));
    expect(journal.pages).toEqual([500, 500]);
  });

  it('goes on behind the last entry that the client has', async () => {
    const reply = await follow(await journalOf(1_200, ENDED), 650);
    expect(await sequencesOf(reply)).toEqual(upTo(1_200, 651));
  });

  it('is followed on from the end of a full page when more is written', async () => {
    const journal = await journalOf(1_000, RESUMED);
    let more: Promise<unknown> | null = null;
    const sequences = await sequencesOf(await follow(journal), (text) => {
      if (text.includes('id: 1000\n')) more ??= add(journal, 1_000, [...times(600), ENDED]);
    });
    expect(sequences).toEqual(upTo(1_601));
    await more;
  });
});
