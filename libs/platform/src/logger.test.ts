import { describe, expect, it } from 'vitest';
import { PortError, Secret } from '#engine';
import { withLogFields } from './log-fields.js';
import { createLogger, type Logger } from './logger.js';
import { NestLog } from './nest-log.js';

const SECRETS = [
  'hunter2',
  'hvs.CAESIJ0123456789abcdefghij',
  'wl_0123456789012345678901234567',
  'MIIEvQIBADANBg',
  'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbmEifQ.c2lnbmVk',
  'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD',
];

function capture(write: (logger: Logger) => void): { lines: Record<string, unknown>[]; text: string } {
  const written: string[] = [];
  write(createLogger('test', 'trace', { write: (line: string) => void written.push(line) }));
  return { lines: written.map((line) => JSON.parse(line)), text: written.join('') };
}

describe('createLogger', () => {
  it('writes level, name, time and fields', () => {
    const { lines } = capture((logger) => logger.info({ rotationId: 'r1', hosts: [1, 2] }, 'started'));
    expect(lines[0]).toMatchObject({
      level: 'info',
      name: 'test',
      rotationId: 'r1',
      hosts: [1, 2],
      msg: 'started',
    });
    expect(lines[0]?.time).toMatch(/^\d{4}-\d\d-\d\dT/);
  });

  it('keeps secrets out of fields, messages, errors and causes', () => {
    const [password, vaultToken, apiKey, pem, jwt, webhook] = SECRETS;
    const axios = Object.assign(new Error(`connect to https://u:${password}@vault failed`), {
      code: 'ECONNREFUSED',
      config: { headers: { 'X-Vault-Token': vaultToken } },
    });
    const { text, lines } = capture((logger) => {
      logger.info({ token: vaultToken, nested: { privateKey: pem, deep: [{ password }] } }, `key ${apiKey}`);
      logger.info({ value: new Secret(password ?? ''), authorization: `Bearer ${apiKey}` }, 'x');
      logger.warn({ pem: `-----BEGIN PRIVATE KEY-----\n${pem}\n-----END PRIVATE KEY-----` }, 'x');
      logger.error({ err: new Error('issuing failed', { cause: axios }) }, 'x');
      logger.error(axios);
      logger.warn(`with ${jwt}, which is over, and ${webhook}`);
      logger.error(
        new PortError({ code: 'ca.denied', message: 'm', nextStep: 'n', detail: `t ${vaultToken}` }),
        'x',
      );
      logger.child({ component: 'c' }).info({ url: `postgresql://windlass:${password}@db/x` }, 'x');
    });
    for (const secret of SECRETS) expect(text).not.toContain(secret);
    expect(lines[3]).toMatchObject({ err: { message: 'issuing failed', causes: ['Error ECONNREFUSED'] } });
    expect(lines[6]).toMatchObject({ err: { type: 'PortError', problem: { code: 'ca.denied' } } });
    expect(lines[7]).toMatchObject({ component: 'c', url: 'postgresql://windlass:[secret]@db/x' });
  });

  it('says on each line what it is about, also behind an await, without secrets', async () => {
    const written: string[] = [];
    const logger = createLogger('test', 'info', { write: (line: string) => void written.push(line) });
    await withLogFields({ requestId: String(SECRETS[1]) }, async () => {
      await withLogFields({ rotationId: 'r1' }, async () => {
        await Promise.resolve();
        logger.info('within');
        logger.info({ rotationId: 'r2' }, 'of another');
      });
      logger.child({ component: 'c' }).warn('of a child');
    });
    logger.info('outside');
    const [within, other, child, outside] = written.map((line) => JSON.parse(line));
    expect(within).toMatchObject({ requestId: '[secret]', rotationId: 'r1' });
    expect(other).toMatchObject({ rotationId: 'r2' });
    expect(child).toMatchObject({ requestId: '[secret]', component: 'c' });
    expect(outside).not.toHaveProperty('requestId');
    expect(written.join('')).not.toContain(SECRETS[1]);
  });

  it('survives cycles and depth', () => {
    const loop: Record<string, unknown> = {};
    loop.loop = loop;
    expect(capture((logger) => logger.info(loop, 'round')).lines).toHaveLength(1);
  });
});

describe('NestLog', () => {
  it('passes context, stack and errors on', () => {
    const { lines } = capture((logger) => {
      const nest = new NestLog(logger);
      nest.log('Nest application started', 'NestApplication');
      nest.error('failed', 'Error: at x', 'Router');
      nest.error(new Error('broken'), 'Router');
    });
    expect(lines[0]).toMatchObject({
      level: 'info',
      context: 'NestApplication',
      msg: 'Nest application started',
    });
    expect(lines[1]).toMatchObject({ level: 'error', context: 'Router', details: ['Error: at x'] });
    expect(lines[2]).toMatchObject({ context: 'Router', err: { message: 'broken' }, msg: 'broken' });
  });
});
