import { describe, expect, it } from 'vitest';
import { planText, type RotationPlan } from './plan.js';

const host = (name: string) => ({ hostId: name, name, fleetId: 'f' });

const PLAN: RotationPlan = {
  strategy: 'overlap',
  fleets: [
    {
      fleetId: 'f',
      fleetName: 'edge',
      generation: 4,
      anchorsNow: ['CN=old', 'CN=kept'],
      anchorsThen: ['CN=kept', 'CN=new'],
    },
    {
      fleetId: 'g',
      fleetName: 'office',
      generation: { number: 2 },
      anchorsNow: ['CN=old'],
      anchorsThen: ['CN=new'],
    },
  ],
  waves: [[host('edge-1')], Array.from({ length: 10 }, (_, index) => host(`edge-${index + 2}`))],
  phases: [
    { phase: 'preflight', does: 'looks at every host' },
    { phase: 'stage', does: 'writes the bundle beside the live one' },
  ],
  trustDiff: 'CN=new comes.\nCN=old goes.',
  blocks: [{ code: 'rotation.conflict', message: 'Another one runs.', nextStep: 'Wait for it.' }],
  warnings: ['Nobody said when clients renew.'],
};

describe('the plan of a rotation', () => {
  it('says what changes, where, in which order, and what speaks against it', () => {
    expect(planText(PLAN)).toBe(`overlap of edge, office

  edge trusts now, as generation 4, and then:
    = CN=kept
    - CN=old
    + CN=new

  office trusts now, as generation 2, and then:
    - CN=old
    + CN=new

  CN=new comes.
  CN=old goes.

  wave 0 (canary): edge-1
  wave 1: edge-2, edge-3, edge-4, edge-5, edge-6, edge-7, edge-8, edge-9 and 2 more

  preflight  looks at every host
  stage      writes the bundle beside the live one

Warnings:
  Nobody said when clients renew.

It would not start:
  Another one runs. Next: Wait for it.`);
  });

  it('leaves out what there is not', () => {
    const text = planText({ ...PLAN, trustDiff: null, blocks: [], warnings: [] });
    expect(text).not.toMatch(/Warnings|It would not start|null/);
    expect(text.endsWith('  stage      writes the bundle beside the live one')).toBe(true);
  });
});
