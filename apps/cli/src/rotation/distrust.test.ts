import { describe, expect, it } from 'vitest';
import { anchorsMissing } from './distrust.js';

describe('a distrust without anchors', () => {
  it('names those that there are', () => {
    const anchors = [{ id: '3fa0', subject: 'CN=old', notAfter: '2027-01-01T00:00:00.000Z' }];
    expect(anchorsMissing({ name: 'edge', anchors })).toBe(
      '--anchors is missing: subject key identifiers of the CAs that go, in hex. edge trusts:\n' +
        '  CN=old (3fa0), until 2027-01-01T00:00:00.000Z',
    );
    expect(anchorsMissing({ name: 'edge', anchors: [] })).toMatch(/in hex$/);
  });
});
