import { describe, expect, it } from 'vitest';
import { ApiProblem } from '#api-client';
import { faultsOf } from './field-faults.js';

const refused = new ApiProblem(
  {
    ...{ type: '/problems/request.invalid', title: 'Invalid', status: 400, detail: 'Two fields.' },
    ...{ instance: '/v1/fleets', code: 'request.invalid', nextAction: 'Mend them.', requestId: 'r' },
    errors: [
      { pointer: '#/name', detail: 'is needed' },
      { pointer: '#/windows/0/to', detail: 'is before from' },
      { parameter: 'limit', detail: 'is no field' },
    ],
  },
  null,
);

describe('what is wrong with a field', () => {
  it('is found by its pointer, and by that of what it is part of', () => {
    const at = faultsOf(refused);
    expect(at('#/name')).toBe('is needed');
    expect(at('#/windows')).toBe('is before from');
    expect(at('#/windows/0/from')).toBeNull();
    expect(at('#/win')).toBeNull();
  });

  it('is nothing where the API said nothing of fields', () => {
    expect(faultsOf(null)('#/name')).toBeNull();
    expect(faultsOf(new Error('no network'))('#/name')).toBeNull();
  });
});
