import { describe, expect, it } from 'vitest';
import { asked, UNDER_WAY } from './rotation-filter.js';

describe('the filter of the rotations', () => {
  it('asks for all where nothing is chosen, or what is in the address is no status', () => {
    expect(asked({ status: '', fleetId: '' })).toEqual({});
    expect(asked({ status: 'nonsense', fleetId: '' })).toEqual({});
  });

  it('asks for one status, for all that have not ended, and for one fleet', () => {
    expect(asked({ status: 'blocked', fleetId: 'f1' })).toEqual({ status: ['blocked'], fleetId: 'f1' });
    expect(asked({ status: UNDER_WAY, fleetId: '' })).toEqual({
      status: ['pending', 'running', 'paused', 'blocked'],
    });
  });
});
