import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PortError, Probe, Secret, type TracedStep } from '#engine';
import { type OtlpReceiver, startOtlpReceiver, startWebhookReceiver } from '#kit';
import { createLogger, type RunningTracing, startTracing, tracedPort } from '#platform';
import { AllowedAddresses, HttpWebhookSender, newWebhookSecret } from '#webhooks';

const [TRACE, REQUEST] = ['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331'];
const ORIGIN = `00-${TRACE}-${REQUEST}-01`;
const TOKEN = 'hvs.CAESIJ0123456789abcdefghij';

const step = (name: string, origin?: string): TracedStep => ({
  ...{ name, fields: { 'windlass.rotation.id': 'r1' } },
  ...(origin === undefined ? {} : { origin }),
});

class FailingProbe extends Probe {
  override ask(): Promise<never> {
    throw Object.assign(new Error(`with ${TOKEN}`), { config: { token: TOKEN } });
  }

  override visit(): Promise<never> {
    throw new Error('nobody visits');
  }

  override async servedCaNames(): Promise<never> {
    const message = `No answer, said with ${TOKEN}.`;
    throw new PortError({ code: 'probe.no-answer', message, nextStep: 'Wait.' });
  }
}

describe('tracing, to a receiver over HTTP', () => {
  const before = { ...process.env };
  const lines: string[] = [];
  const log = createLogger('test', 'info', { write: (line: string) => void lines.push(line) });
  let receiver: OtlpReceiver;
  let traces: RunningTracing;

  const found = async (name: string) => {
    await expect.poll(() => receiver.spans.map((span) => span.name), { timeout: 30_000 }).toContain(name);
    const span = receiver.spans.find((one) => one.name === name);
    if (span === undefined) throw new Error(`no span ${name}`);
    return span;
  };

  beforeAll(async () => {
    receiver = await startOtlpReceiver();
    Object.assign(process.env, {
      ...{ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_BSP_SCHEDULE_DELAY: '20' },
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
    });
    traces = await startTracing('windlass-test', { traces: true }, log);
  });

  afterAll(async () => {
    await traces.stop();
    await receiver.stop();
    process.env = before;
  });

  it('tells processes apart that have the same number, as every first one of a container has', async () => {
    await traces.tracing.within(step('somewhere'), async () => undefined);
    await found('somewhere');
    const sent = receiver.bodies.join('\n');
    expect(sent).toMatch(/"service\.instance\.id","value":\{"stringValue":"[0-9a-f]{8}-[0-9a-f-]{27}"/);
  });

  it('puts a step whose trace began elsewhere right below its origin', async () => {
    await traces.tracing.within(step('first', ORIGIN), async () => undefined);
    expect(await found('first')).toMatchObject({
      ...{ service: 'windlass-test', traceId: TRACE, parentSpanId: REQUEST, links: [] },
      attributes: { 'windlass.rotation.id': 'r1' },
    });
    expect(receiver.bodies.join()).toContain('deployment.environment.name');
  });

  it('links it to what led to it, where that is of another trace', async () => {
    const { tracing } = traces;
    await tracing.within(step('a command'), () =>
      tracing.within(step('linked', ORIGIN), async () => undefined),
    );
    const command = await found('a command');
    expect(await found('linked')).toMatchObject({
      traceId: TRACE,
      parentSpanId: REQUEST,
      links: [command.spanId],
    });
    expect(command.traceId).not.toBe(TRACE);
  });

  it('puts it below what led to it, where that is of the same trace', async () => {
    const { tracing } = traces;
    await tracing.within(step('outer', ORIGIN), () =>
      tracing.within(step('inner', ORIGIN), async () => undefined),
    );
    expect(await found('inner')).toMatchObject({ parentSpanId: (await found('outer')).spanId, links: [] });
  });

  it('makes no span for a trace that its caller does not keep', async () => {
    const { tracing } = traces;
    const unsampled = `00-${TRACE}-${REQUEST}-00`;
    const origin = await tracing.within(step('not kept', unsampled), async () => tracing.origin());
    expect(origin).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-00$`));
    await tracing.within(step('kept', ORIGIN), async () => undefined);
    await found('kept');
    expect(receiver.spans.map(({ name }) => name)).not.toContain('not kept');
  });

  it('tells of a failure its code and its sentence without secrets, and of a defect its type alone', async () => {
    const asked = () => ({ 'server.address': `https://u:${TOKEN}@host` });
    const probe = tracedPort<Probe>(new FailingProbe(), 'probe', {
      ask: { asked },
      servedCaNames: { asked },
    });
    const target = { address: '127.0.0.1', port: 1, serverName: null, path: '/' };
    await expect(probe.servedCaNames(target)).rejects.toThrow(PortError);
    await expect(probe.ask(target, null)).rejects.toThrow(TOKEN);
    expect((await found('probe.servedCaNames')).attributes).toMatchObject({
      'error.type': 'probe.no-answer',
    });
    expect(await found('probe.ask')).toMatchObject({ status: 2, attributes: { 'error.type': 'Error' } });
    expect(() =>
      probe.visit(
        target,
        { certificatePem: '', chainPem: '', privateKey: new Secret('') },
        { kind: 'TLS 1.3 ticket', session: null },
      ),
    ).toThrow('nobody visits');
    expect(receiver.bodies.join()).not.toContain(TOKEN);
  });

  it('says on each line of the log which rotation and which trace it is about', async () => {
    await traces.tracing.within(step('logged', ORIGIN), async () => log.info({ what: 1 }, 'within'));
    log.info('outside');
    const [within, outside] = lines.slice(-2).map((line) => JSON.parse(line));
    expect(within).toMatchObject({ rotationId: 'r1', traceId: TRACE, what: 1 });
    expect(within.spanId).toBe((await found('logged')).spanId);
    expect(outside).not.toHaveProperty('traceId');
    expect(outside).not.toHaveProperty('rotationId');
  });

  it('goes on with a webhook to its receiver', async () => {
    const hook = await startWebhookReceiver();
    const sender = new HttpWebhookSender(new AllowedAddresses(['127.0.0.0/8']));
    const message = { id: 'e1', url: hook.url, body: '{}', secrets: [newWebhookSecret()], at: Date.now() };
    await traces.tracing.within(step('told', ORIGIN), () => sender.send(message));
    await sender.send(message);
    const { spanId } = await found('told');
    expect(hook.received.map(({ headers }) => headers.traceparent)).toEqual([
      `00-${TRACE}-${spanId}-01`,
      undefined,
    ]);
    await hook.stop();
  });
});
