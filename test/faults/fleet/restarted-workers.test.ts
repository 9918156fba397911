import { afterAll, beforeAll, expect, it } from 'vitest';
import { explain } from '#rotation';
import { newHost, TestInstallation } from '../../fleet/installation.js';
import { liveDigests, servedBy, surveyOf } from './outside-view.js';

const PROGRAM = '/run/restart-workers';

/** All that is seen on the host is as after a reload: every old worker is gone, and new ones are there. */
const RESTART_WORKERS = `#!/bin/sh
read -r master < /run/nginx.pid
read -r children < /proc/$master/task/$master/children
kill -9 $children
`;

let windlass: TestInstallation;

beforeAll(async () => {
  windlass = await TestInstallation.open({
    hosts: 2,
    enrol: (host) => ({ ...newHost(host), reloadCommand: host.name === 'host-2' ? [PROGRAM] : [] }),
  });
  windlass.fleet.hosts[1]?.writeFile('run/restart-workers', RESTART_WORKERS);
  windlass.fleet.hosts[1]?.exec(`chmod +x ${PROGRAM}`);
});

afterAll(() => windlass?.stop());

it('F14: the workers are restarted and the old configuration stays: the marker shows it, and all hosts go back', async () => {
  const { hosts } = windlass.fleet;
  const before = [...liveDigests(hosts), ...(await servedBy(hosts))];
  const { defaultIssuerId, issuers } = await surveyOf(windlass.vault);
  const state = await windlass.until(await windlass.rotate(), 'reverted');
  expect(explain(state)).toMatch(/host-2: .* does not serve generation \d+ but another one/);
  expect([...liveDigests(hosts), ...(await servedBy(hosts))]).toEqual(before);
  expect(await surveyOf(windlass.vault)).toMatchObject({ defaultIssuerId, issuers });
});
