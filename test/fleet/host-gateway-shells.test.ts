import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { itDoesTheEssentials } from './essentials.js';
import type { OneHost } from './one-host.js';
import { bootUserland, USERLANDS } from './userlands.js';

describe.each(USERLANDS)('where /bin/sh is $name', (userland) => {
  let one: OneHost;

  beforeAll(async () => {
    one = await bootUserland(userland);
  });

  beforeEach(() => one.begin());

  afterAll(() => one?.stop());

  it('is what a step really runs in', async () => {
    await one.stage();
    const watcher = `/proc/${one.watchers()[0]}`;
    one.host.exec(`cmp ${watcher}/exe "$(command -v ${userland.shell})"`);
    // The script is in its environment, too, and has a line about PATH.
    const [path] = one.host.exec(`tr '\\0' '\\n' < ${watcher}/environ`).match(/^PATH=\/.*$/m) ?? [];
    expect(path?.startsWith('PATH=/run/applets:'), path).toBe(userland.applets === true);
    await one.discard();
  });

  itDoesTheEssentials(() => one);
});
