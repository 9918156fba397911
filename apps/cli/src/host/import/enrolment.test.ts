import { describe, expect, it } from 'vitest';
import { enrolmentOf, type Surroundings } from './enrolment.js';
import type { ImportedHost } from './imported.js';

const SURROUNDINGS: Surroundings = {
  privateKey: (file) => {
    if (file === 'lost') throw new RangeError('lost cannot be read');
    return `key of ${file}`;
  },
  hostKey: ({ address }, given) => given ?? `pinned for ${address}`,
};
const VALUES = { 'managed-path': ['/etc/a.pem'], listener: [':443'] };

const host = (over: Partial<ImportedHost> = {}): ImportedHost => ({
  ...{ line: 1, name: 'a', address: '10.0.0.1', port: 22, user: 'root', keyFile: 'own', jump: null, ...over },
});
const enrolment = (
  hosts: readonly ImportedHost[],
  values: object = {},
  enrolled: readonly ImportedHost[] = [],
) => enrolmentOf({ hosts, unusable: [], passedOver: [] }, { ...VALUES, ...values }, enrolled, SURROUNDINGS);

describe('what is enrolled of a file', () => {
  it('has what the file says, and what options say goes before it', () => {
    const jump = { address: 'jump', port: 2200, user: null, keyFile: null };
    const [body] = enrolment([host({ jump, hostKey: 'given' })]).hosts;
    expect(body).toEqual({
      ...{ name: 'a', address: '10.0.0.1', port: 22, user: 'root', login: 'key', privateKey: 'key of own' },
      ...{
        hostKey: 'given',
        managedPaths: ['/etc/a.pem'],
        probeTargets: [{ address: '10.0.0.1', port: 443 }],
      },
      jump: {
        ...{ address: 'jump', port: 2200, user: 'root', login: 'key', privateKey: 'key of own' },
        hostKey: 'pinned for jump',
      },
    });
    expect(enrolment([host()], { user: 'me', 'key-file': 'mine' }).hosts[0]).toMatchObject({
      ...{ user: 'me', privateKey: 'key of mine', hostKey: 'pinned for 10.0.0.1' },
    });
    expect(enrolment([host({ jump })], { agent: true }).hosts[0]).toMatchObject({
      ...{ login: 'agent', jump: { login: 'agent' } },
    });
  });

  it('is not what is enrolled already', () => {
    const { hosts, passedOver } = enrolment([host()], {}, [host()]);
    expect([hosts, passedOver]).toEqual([[], [{ line: 1, what: 'a', why: 'is enrolled already' }]]);
  });

  it.each([
    ['its name', host({ name: 'a b' }), {}, 'its name must have A-Z a-z 0-9 . _ - only'],
    ['its user', host({ user: null }), {}, 'nobody says who logs in: give --user'],
    [
      'its key',
      host({ keyFile: null }),
      {},
      'nobody says with which key to log in: give --key-file or --agent',
    ],
    ['its key file', host({ keyFile: 'lost' }), {}, 'lost cannot be read'],
    ['its paths', host(), { 'managed-path': undefined }, '--managed-path is missing'],
    ['the name of another', host({ address: '10.0.0.2' }), {}, 'there is a host a at 10.0.0.1:22'],
    ['the place of another', host({ name: 'b' }), {}, 'there is a host a at 10.0.0.1:22'],
  ])('is not what has a fault in %s', (_what, one, values, why) => {
    const others = why.startsWith('there is') ? [host()] : [];
    const { hosts, unusable } = enrolment([...others, one], values);
    expect(hosts).toHaveLength(others.length);
    expect(unusable).toEqual([{ line: 1, what: one.name, why: expect.stringContaining(why) }]);
  });
});
