import { describe, expect, it } from 'vitest';
import { type CaDraft, EMPTY_FLEET, newFleetOf } from './fleet-draft.js';

const withCa = (over: Partial<CaDraft>) =>
  newFleetOf({ ...EMPTY_FLEET, ca: { ...EMPTY_FLEET.ca, ...over } }).issuingCa;
const { vault, upload, aws } = EMPTY_FLEET.ca;

describe('a fleet that is being added', () => {
  it('is sent with hours and days as seconds, and without a log that was left empty', () => {
    const draft = { ...EMPTY_FLEET, name: ' edge ', soakHours: 1.5, caTtlDays: 90, clientLog: ' ' };
    expect(newFleetOf(draft)).toMatchObject({
      ...{ name: 'edge', soakSeconds: 5_400, caTtlSeconds: 7_776_000, clientLog: null },
      ...{ contractWhen: 'unused', approval: 'none', revocation: 'none', canaryHosts: 1 },
    });
  });

  it('has a token or an AppRole of Vault, never both', () => {
    const draft = { ...vault, token: 'hvs.t', roleId: 'r', secretId: 's' };
    expect(withCa({ vault: draft })).toMatchObject({ kind: 'vault', token: 'hvs.t' });
    expect(withCa({ vault: draft })).not.toHaveProperty('appRole');
    const role = withCa({ vault: { ...draft, login: 'appRole' } });
    expect(role).toMatchObject({ appRole: { mount: 'approle', roleId: 'r', wrappedSecretId: 's' } });
    expect(role).not.toHaveProperty('token');
    expect(withCa({ vault: { ...draft, login: 'appRole', wrapped: false } })).toMatchObject({
      appRole: { secretId: 's' },
    });
  });

  it('takes the role of the machine at AWS where no key is given', () => {
    const place = { region: 'eu-central-1', account: '123456789012', group: 'clients' };
    expect(withCa({ kind: 'aws-pca', aws: { ...aws, ...place } })).toEqual({
      ...{ kind: 'aws-pca', ...place, accessKey: null },
    });
    expect(withCa({ kind: 'aws-pca', aws: { ...aws, ...place, keyId: 'AKIA', secret: 's' } })).toMatchObject({
      accessKey: { id: 'AKIA', secret: 's' },
    });
  });

  it('leaves the CRL out of an uploaded CA that has none', () => {
    const given = { ...upload, name: 'EJBCA', certificatePem: 'c', probePem: 'p', probeKey: 'k' };
    expect(withCa({ kind: 'upload', upload: given })).toEqual({
      ...{ kind: 'upload', name: 'EJBCA', certificatePem: 'c' },
      probe: { certificatePem: 'p', chainPem: '', privateKey: 'k' },
    });
  });
});
