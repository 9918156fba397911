import { describe, expect, it } from 'vitest';
import { refreshExpectations, type SampleVerdicts, sampleExpectations } from './sample-expectations.js';

const NOW = Date.UTC(2027, 0, 1);
const ACCEPTED = { verdict: 'accepted' } as const;
const REFUSED = { verdict: 'refused', cause: 'unable to get local issuer certificate', faults: [] } as const;

function sample(facts: Partial<SampleVerdicts> = {}): SampleVerdicts {
  return {
    ...{ sample: 'pos', notAfter: NOW + 1, expect: 'accepted', where: 'edge-1 nginx.conf:12' },
    ...{ old: ACCEPTED, overlap: ACCEPTED, new: ACCEPTED },
    ...facts,
  };
}

function codes(...samples: readonly SampleVerdicts[]): string[] {
  return sampleExpectations(samples, NOW).problems.map(({ code }) => code);
}

describe('a sample that must be accepted', () => {
  it('is fine when all three generations accept it', () => {
    expect(sampleExpectations([sample()], NOW)).toEqual({
      problems: [],
      accepted: ['pos'],
      refusedAfterContract: [],
    });
  });

  it('may be refused by the new generation, and is then named', () => {
    expect(sampleExpectations([sample({ new: REFUSED })], NOW)).toEqual({
      problems: [],
      accepted: [],
      refusedAfterContract: ['pos'],
    });
  });

  it('is named once when only one of its hosts would refuse it', () => {
    const samples = [
      sample(),
      sample({ where: 'edge-2 nginx.conf:3', new: REFUSED }),
      sample({ sample: 'b' }),
    ];
    expect(sampleExpectations(samples, NOW)).toEqual({
      problems: [],
      accepted: ['b'],
      refusedAfterContract: ['pos'],
    });
  });

  it.each([
    { role: 'old', facts: { old: REFUSED } },
    { role: 'overlap', facts: { overlap: REFUSED } },
  ])('is a problem when the $role generation refuses it, with place and cause', ({ role, facts }) => {
    const { problems, accepted, refusedAfterContract } = sampleExpectations([sample(facts)], NOW);
    expect(problems).toMatchObject([{ code: `sample.refused-by-${role}`, severity: 'error' }]);
    expect(problems[0]?.message).toContain('edge-1 nginx.conf:12: unable to get local issuer certificate');
    expect([accepted, refusedAfterContract]).toEqual([[], []]);
  });

  it('is a problem for each generation and place that refuses it', () => {
    expect(codes(sample({ old: REFUSED, overlap: REFUSED }), sample({ overlap: REFUSED }))).toEqual([
      'sample.refused-by-old',
      'sample.refused-by-overlap',
      'sample.refused-by-overlap',
    ]);
  });

  it('is itself at fault when it is expired', () => {
    expect(codes(sample({ notAfter: NOW - 1, old: REFUSED, overlap: REFUSED, new: REFUSED }))).toEqual([
      'sample.expired',
    ]);
    expect(codes(sample({ notAfter: NOW }))).toEqual([]);
  });
});

describe('a sample that must be refused', () => {
  const negative = { expect: 'refused', old: REFUSED, overlap: REFUSED, new: REFUSED } as const;

  it('is fine when all three generations refuse it', () => {
    expect(sampleExpectations([sample(negative)], NOW)).toEqual({
      problems: [],
      accepted: [],
      refusedAfterContract: [],
    });
  });

  it.each(['old', 'overlap', 'new'] as const)('is a problem when the %s generation accepts it', (role) => {
    const { problems } = sampleExpectations([sample({ ...negative, [role]: ACCEPTED })], NOW);
    expect(problems).toMatchObject([{ code: `sample.accepted-by-${role}`, severity: 'error' }]);
  });

  it('may be expired: that is a reason to refuse it', () => {
    expect(codes(sample({ ...negative, notAfter: NOW - 1 }))).toEqual([]);
  });
});

it('has nothing to say of no samples', () => {
  expect(sampleExpectations([], NOW)).toEqual({ problems: [], accepted: [], refusedAfterContract: [] });
});

describe('samples beside other CRLs', () => {
  it('may be refused today, by a CRL that ended or because they are revoked', () => {
    const refusedToday = { old: REFUSED, overlap: REFUSED };
    expect(
      refreshExpectations([
        sample({ ...refusedToday, sample: 'back' }),
        sample({ ...refusedToday, sample: 'revoked', new: REFUSED }),
        sample({ sample: 'stolen', new: REFUSED }),
        sample({ ...refusedToday, sample: 'over', notAfter: NOW - 1, new: REFUSED }),
      ]),
    ).toEqual({ problems: [], accepted: ['back'], refusedAfterContract: ['revoked', 'stolen', 'over'] });
  });

  it('must not get in where they are to be refused', () => {
    const [problem] = refreshExpectations([sample({ expect: 'refused' })]).problems;
    expect(problem).toMatchObject({ code: 'sample.accepted-by-new', about: { role: 'new' } });
    const revoked = sample({ expect: 'refused', new: REFUSED });
    expect(refreshExpectations([revoked]).problems).toEqual([]);
  });
});
