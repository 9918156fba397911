import { describe, expect, it } from 'vitest';
import { planText, type RotationPlan } from './plan.js';

const host = (name: string) => ({ hostId: name, name, fleetId: 'f' });
const generation = (number: number, digest: string) => ({ id: digest, number, digest, marker: null });
const anchor = (subject: string) => ({ id: `${subject}-id`, subject, notAfter: '2027-01-01T00:00:00.000Z' });

const PLAN: RotationPlan = {
  strategy: 'overlap',
  fleets: [
    {
      ...{ fleetId: 'f', fleetName: 'edge', generation: generation(4, 'd') },
      ...{ anchorsNow: [anchor('CN=old'), anchor('CN=kept')], anchorsThen: 'CN=kept, and a new CA' },
    },
    {
      ...{ fleetId: 'g', fleetName: 'office', generation: generation(2, 'e') },
      ...{ anchorsNow: [anchor('CN=old')], anchorsThen: 'a new CA' },
    },
  ],
  waves: [[host('edge-1')], Array.from({ length: 10 }, (_, index) => host(`edge-${index + 2}`))],
  phases: [
    { phase: 'preflight', does: 'looks at every host' },
    { phase: 'stage', does: 'writes the bundle beside the live one' },
  ],
  trustDiff: '+1 -1 anchors: added a new CA; removed CN=old',
  blocks: [{ code: 'rotation.conflict', message: 'Another one runs.', nextStep: 'Wait for it.' }],
  warnings: ['Nobody said when clients renew.'],
};

describe('the plan of a rotation', () => {
  it('says what changes, where, in which order, and what speaks against it', () => {
    expect(planText(PLAN)).toBe(`overlap of edge, office
  +1 -1 anchors: added a new CA; removed CN=old

  edge trusts now, with generation 4:
    CN=old (CN=old-id), until 2027-01-01T00:00:00.000Z
    CN=kept (CN=kept-id), until 2027-01-01T00:00:00.000Z
  and in the end:
    CN=kept, and a new CA

  office trusts now, with generation 2:
    CN=old (CN=old-id), until 2027-01-01T00:00:00.000Z
  and in the end:
    a new CA

  wave 0 (canary): edge-1
  wave 1: edge-2, edge-3, edge-4, edge-5, edge-6, edge-7, edge-8, edge-9 and 2 more

  preflight  looks at every host
  stage      writes the bundle beside the live one

Warnings:
  Nobody said when clients renew.

It would be refused:
  Another one runs. Next: Wait for it.`);
  });

  it('leaves out what there is not', () => {
    const text = planText({ ...PLAN, trustDiff: null, blocks: [], warnings: [] });
    expect(text).not.toMatch(/Warnings|It would be refused|null/);
    expect(text.endsWith('  stage      writes the bundle beside the live one')).toBe(true);
  });
});
