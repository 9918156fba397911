import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { CloudEvent } from 'cloudevents';
import { describe, expect, it } from 'vitest';
import { awaitingApproval, LIVES, REASON } from '../../../rotation/src/lives.fixture.js';
import { Rehearsal } from '../../../rotation/src/rehearsal.js';
import type { WebhookEvent } from '../ports/webhook-store.js';
import { driftNews } from './drift-news.js';
import { TEST_EVENT_TYPE, WEBHOOK_EVENT_TYPES } from './event-types.js';
import { testEvent } from './test-event.js';
import { told } from './told.fixture.js';

const ROOT = new URL('../../../../', import.meta.url);
const ajv = new Ajv2020({ allErrors: true, strict: false });
addFormats.default(ajv);
const validate = ajv.compile(
  JSON.parse(readFileSync(new URL('docs/webhook-events.schema.json', ROOT), 'utf8')),
);
const documentation = readFileSync(new URL('docs/webhooks.md', ROOT), 'utf8');

function faultsOf(body: unknown): string[] {
  return validate(body) ? [] : (validate.errors ?? []).map((one) => `${one.instancePath} ${one.message}`);
}

const test = () => ({
  type: TEST_EVENT_TYPE,
  body: testEvent({
    ...{ installation: '018f', id: 'test-1', endpointId: 'w1' },
    ...{ requestedBy: 'ana', at: '2026-11-29T12:00:00.000Z' },
  }),
});

const drift = () =>
  driftNews('018f', {
    cursor: { source: 'drift', id: 's1', after: 0 },
    ...{ fleetId: 'f1', fleetName: 'edge' },
    finding: {
      ...{ at: '2026-11-29T12:00:00.000Z', inSync: false, generation: 4, hosts: 80 },
      out: Array.from({ length: 70 }, (_, index) => ({
        ...{ hostId: `h${index}`, host: `edge-${index}`, state: 'drifted' as const },
        problems: [{ ...REASON, detail: 'what a tool said' }],
      })),
    },
  });

/** A rotation that a person holds, and lets go on. */
function resumed(): Rehearsal {
  const life = new Rehearsal();
  life.append({ type: 'rotation.paused', by: 'person', reason: { ...REASON, detail: 'what a tool said' } });
  life.append({ type: 'rotation.resumed', by: 'person' });
  return life;
}

function everything(): readonly Pick<WebhookEvent, 'type' | 'body'>[] {
  const lives = [...LIVES.map((live) => live()), awaitingApproval(), resumed()];
  for (const life of lives) life.run();
  return [...lives.flatMap((life) => told(life.entries)), drift()];
}

describe('the body of an event', () => {
  it('fits the published schema and CloudEvents 1.0, for every type that there is', () => {
    const events = [...everything(), test()];
    expect([...new Set(events.map(({ type }) => type))].sort()).toEqual(
      [...WEBHOOK_EVENT_TYPES, TEST_EVENT_TYPE].sort(),
    );
    for (const { type, body } of events) {
      const parsed = JSON.parse(body);
      expect(faultsOf(parsed), body).toEqual([]);
      expect(new CloudEvent(parsed, true).type).toBe(type);
    }
  });

  it('is refused by the schema when a field is missing, a type is unknown, or a reason says too much', () => {
    const blocked = everything().find(({ type }) => type === 'dev.windlass.rotation.blocked')?.body ?? '';
    const spoilt: [string, string][] = [
      ['"blocks":', '"blocked":'],
      ['"sequence":', '"number":'],
      ['"fleets":', '"fleet":'],
      ['rotation.blocked', 'rotation.stuck'],
      ['"code":', '"detail":"x","code":'],
      ['"specversion":"1.0"', '"specversion":"0.3"'],
    ];
    for (const [from, to] of spoilt) {
      expect(blocked).toContain(from);
      expect(faultsOf(JSON.parse(blocked.replace(from, to))), to).not.toEqual([]);
    }
  });

  it('names fifty hosts at most, counts them all, and leaves out what a tool said', () => {
    const { data } = JSON.parse(drift().body);
    expect([data.out.length, data.outCount, data.hostCount]).toEqual([50, 70, 80]);
    expect(
      everything()
        .map(({ body }) => body)
        .join('\n'),
    ).not.toContain('what a tool said');
  });

  it('is documented for each type by an example that fits the schema', () => {
    const examples = [...documentation.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text]) =>
      JSON.parse(text ?? ''),
    );
    expect(examples.map(({ type }) => type).sort()).toEqual([...WEBHOOK_EVENT_TYPES, TEST_EVENT_TYPE].sort());
    for (const example of examples) expect(faultsOf(example), example.type).toEqual([]);
    for (const type of [...WEBHOOK_EVENT_TYPES, TEST_EVENT_TYPE])
      expect(documentation).toContain(`## \`${type}\``);
  });
});
