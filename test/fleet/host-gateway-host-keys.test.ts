import { afterAll, beforeAll, expect, it } from 'vitest';
import { OneHost } from './one-host.js';

let one: OneHost;

beforeAll(async () => {
  one = await OneHost.boot();
  const config = one.host.outside('sshd_config');
  one.host.writeFile('sshd_config', one.host.readFile('sshd_config').replace('VERBOSE', 'DEBUG3'));
  expect(one.host.readFile('sshd_config'), config).toContain('LogLevel DEBUG3');
  await one.host.powerOff();
  await one.host.powerOn();
  await one.begin();
});

afterAll(() => one?.stop());

it('does not have a server prove host keys that nobody has pinned', async () => {
  await one.stage();
  await one.commit();
  await expect.poll(() => one.host.sshdLog()).toMatch(/notify_hostkeys: sent \d+ hostkeys/);
  expect(one.host.sshdLog()).not.toContain('hostkeys-prove');
});
