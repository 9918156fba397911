import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { LEAF } from '../../../trust/src/certificates.fixture.js';
import { isProbeLeaf, withoutProbe } from './client-sightings.js';

const { subject, serialNumber } = new X509Certificate(LEAF);
const probe = {
  ...{ subject: subject.split('\n').reverse().join(','), serial: serialNumber.toLowerCase() },
  ...{ issuer: 'CN=Old', requests: 1, lastSeen: 0 },
};

describe('what stands for clients in probes', () => {
  it('is no client where people brought it: by name and number together', () => {
    const others = [
      { ...probe, serial: '01' },
      { ...probe, subject: 'CN=till' },
    ];
    expect(withoutProbe([{ clients: [...others, probe] }, { clients: [probe] }], LEAF)).toEqual([
      { clients: others },
      { clients: [] },
    ]);
    expect(withoutProbe([{ clients: [probe] }], null)).toEqual([{ clients: [probe] }]);
  });

  it('is no client where Windlass had it issued', () => {
    expect(isProbeLeaf('CN=windlass-probe-0123abcd-old')).toBe(true);
    expect(isProbeLeaf('CN=windlass-probe-0123abcd-old,O=x')).toBe(false);
  });
});
