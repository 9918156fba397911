import { describe, expect, it } from 'vitest';
import { preflightOptions } from './options.js';

const FILES = ['--bundle', 'b.pem', '--client', 'c.pem'];

describe('preflightOptions', () => {
  it('takes a bundle and a client, with the defaults of nginx', () => {
    expect(preflightOptions(FILES)).toEqual({
      ...{ bundle: 'b.pem', before: null, clients: ['c.pem'], refused: [], known: [], config: null },
      ...{ depth: 1, trusted: null, crl: null, nginx: 'nginx', openssl: 'openssl', format: 'table' },
    });
  });

  it('takes several clients of both kinds', () => {
    const options = preflightOptions([...FILES, '--client', 'd.pem', '--refused', 'e.pem', '--depth', '0']);
    expect(options).toMatchObject({ clients: ['c.pem', 'd.pem'], refused: ['e.pem'], depth: 0 });
  });

  it('gives help', () => {
    expect(preflightOptions(['--help'])).toBeNull();
  });

  it.each([
    [['--client', 'c.pem'], '--bundle is missing'],
    [['--bundle', 'b.pem'], 'no client is given'],
    [[...FILES, '--depth', 'two'], '--depth must be a whole number'],
    [[...FILES, '--depth=-1'], '--depth must be a whole number'],
    [[...FILES, '--config', 'nginx.conf', '--crl', 'x'], '--crl is read from the configuration'],
    [[...FILES, '--bundel', 'x'], "'--bundel'"],
    [[...FILES, 'x'], 'x'],
  ])('%j: %s', (args, message) => {
    expect(() => preflightOptions(args)).toThrow(message);
  });
});
