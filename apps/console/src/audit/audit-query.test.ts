import { describe, expect, it } from 'vitest';
import { NO_FILTER, queryOf } from './audit-query.js';

describe('what is looked for in the audit log', () => {
  it('is everything while nothing is filled in', () => {
    expect(queryOf(NO_FILTER)).toEqual({});
    expect(queryOf({ ...NO_FILTER, actor: '  ' })).toEqual({});
  });

  it('is sent without the spaces around it', () => {
    expect(queryOf({ ...NO_FILTER, operation: ' pauseRotation ', subject: 'fleet:1' })).toEqual({
      ...{ operation: 'pauseRotation', subject: 'fleet:1' },
    });
  });

  it('has times as instants, and leaves out what is no time', () => {
    const local = '2026-11-29T12:00';
    expect(queryOf({ ...NO_FILTER, from: local })).toEqual({ from: new Date(local).toISOString() });
    expect(queryOf({ ...NO_FILTER, until: 'soon' })).toEqual({});
  });
});
