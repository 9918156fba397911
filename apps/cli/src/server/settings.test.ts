import { describe, expect, it } from 'vitest';
import { configPath, configurationIn } from './config-file.js';
import { settingsFor } from './settings.js';

const CONFIGURATION = configurationIn(
  {
    current: 'prod',
    contexts: [
      { name: 'prod', server: 'https://prod.example/', keyFile: 'prod.key', caFile: '~/ca.pem' },
      { name: 'lab', server: 'http://lab.example:8080', key: 'lab-key' },
    ],
  },
  '/etc/w',
  '/home/me',
);
const PROD = { file: '/etc/w/prod.key', private: true };

describe('which API is talked to', () => {
  it('is that of the current context when nothing else is said', () => {
    expect(settingsFor({}, {}, CONFIGURATION)).toEqual({
      ...{ url: 'https://prod.example', key: PROD, caFile: '/home/me/ca.pem' },
    });
  });

  it('is the one of the environment before that of the file, and of the command line before both', () => {
    const env = { WINDLASS_SERVER: 'https://env.example', WINDLASS_API_KEY: 'env-key' };
    expect(settingsFor({}, env, CONFIGURATION)).toEqual({
      ...{ url: 'https://env.example', key: { text: 'env-key' }, caFile: null },
    });
    expect(settingsFor({ server: 'https://flag.example' }, env, CONFIGURATION).url).toBe(
      'https://flag.example',
    );
    expect(settingsFor({ context: 'lab' }, env, CONFIGURATION)).toEqual({
      ...{ url: 'http://lab.example:8080', key: { text: 'lab-key' }, caFile: null },
    });
    expect(settingsFor({}, { WINDLASS_CONTEXT: 'lab' }, CONFIGURATION).url).toBe('http://lab.example:8080');
  });

  it('gets the key of a context only where it is the server of that context', () => {
    expect(settingsFor({ server: 'https://elsewhere.example' }, {}, CONFIGURATION).key).toBeNull();
    expect(settingsFor({ server: 'https://prod.example' }, {}, CONFIGURATION).key).toEqual(PROD);
    const key = { WINDLASS_API_KEY_FILE: '/run/key' };
    expect(settingsFor({}, key, CONFIGURATION).key).toEqual({ file: '/run/key', private: false });
  });

  it('is on this machine without a file', () => {
    expect(settingsFor({}, {}, { current: null, contexts: [] })).toEqual({
      ...{ url: 'http://127.0.0.1:8080', key: null, caFile: null },
    });
  });

  it('has contexts with names, and says which', () => {
    expect(() => settingsFor({ context: 'x' }, {}, CONFIGURATION)).toThrow(
      'there is no context "x"; there are prod, lab',
    );
  });
});

describe('the configuration file', () => {
  it('lies where XDG says, or where one says', () => {
    expect(configPath({ HOME: '/h' })).toBe('/h/.config/windlass/config.yaml');
    expect(configPath({ HOME: '/h', XDG_CONFIG_HOME: '/x' })).toBe('/x/windlass/config.yaml');
    expect(configPath({ XDG_CONFIG_HOME: '/x', WINDLASS_CONFIG: '/c.yaml' })).toBe('/c.yaml');
  });

  it.each([
    ['text', 'it must be a mapping'],
    [{ context: 'x' }, '"context" is not known: it takes current and contexts'],
    [{ current: 1 }, 'current must be the name of a context'],
    [{ contexts: {} }, 'contexts must be a list'],
    [{ contexts: ['x'] }, 'contexts[0] must be a mapping'],
    [{ contexts: [{ name: 'x' }] }, 'contexts[0] must have a name and a server'],
    [{ contexts: [{ name: 'x', server: 'y', token: 'z' }] }, 'contexts[0].token is not known'],
    [
      { contexts: [{ name: 'x', server: 'y', key: 'z', keyFile: 'f' }] },
      'contexts[0] has both key and keyFile',
    ],
    [{ contexts: [{ name: 'x', server: ['y'] }] }, 'contexts[0].server must be a text'],
  ])('with %j is refused', (value, says) => {
    expect(() => configurationIn(value, '/', '/')).toThrow(says);
  });
});
