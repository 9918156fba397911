import { describe, expect, it } from 'vitest';
import { auditOptions } from './options.js';

const KNOWN = ['verify-off', 'protocols'];

describe('auditOptions', () => {
  it('takes files, and fails on warnings', () => {
    expect(auditOptions(['a.conf', 'b.conf'], KNOWN)).toEqual({
      ...{
        files: ['a.conf', 'b.conf'],
        asConftest: false,
        format: 'text',
        failOn: 'warning',
        fix: false,
        write: false,
        rules: null,
      },
      ...{ version: null, clientDepth: null, root: null, baseline: null, writeBaseline: null, reason: null },
    });
  });

  it('takes what nginx -v prints, and several rules', () => {
    const words = [
      '-',
      '--nginx-version',
      'nginx version: nginx/1.26.3 (Debian)',
      '--rule',
      'verify-off',
      '--rule',
      'protocols',
    ];
    expect(auditOptions([...words, '--client-depth', '2'], KNOWN)).toMatchObject({
      ...{ version: [1, 26, 3], rules: KNOWN, clientDepth: 2 },
    });
  });

  it('gives help', () => {
    expect(auditOptions(['--help'], KNOWN)).toBeNull();
  });

  it.each([
    [[], 'no file is given'],
    [
      ['a', '--format', 'xml'],
      '--format must be one of text, json, yaml, sarif, github, conftest, not "xml"',
    ],
    [['a', '-o', 'sarif'], '--output must be one of table, json, yaml, not "sarif"'],
    [['a', '--fail-on', 'all'], '--fail-on must be one of'],
    [['a', '--rule', 'verify'], 'there is no rule "verify"'],
    [['a', '--nginx-version', 'new'], '--nginx-version must be such as'],
    [['a', '--client-depth', '-1'], "'--client-depth"],
    [['a', '--client-depth', 'x'], '--client-depth must be a whole number'],
    [['a', '--write-baseline', 'b'], '--write-baseline needs --reason'],
    [['-', '--write'], '--write cannot mend standard input'],
    [['a', 'b', '--format', 'conftest'], '--format conftest prints one configuration'],
    [['a', '--colour'], "'--colour'"],
  ])('%j: %s', (args, message) => {
    expect(() => auditOptions(args, KNOWN)).toThrow(message);
  });
});
