import { z } from 'zod';
import { PHASES, STRATEGIES } from '#rotation';
import { Anchor } from '../fleets/fleet-schemas.js';
import { id } from '../http/text.js';
import { GenerationRef, Reason } from './rotation-schemas.js';

export const StartQuery = z.strictObject({
  dryRun: z.enum(['true', 'false']).default('false').meta({
    description: '`true`: nothing is recorded, and the reply is what the rotation would do.',
  }),
});

const PlannedFleet = z
  .object({
    ...{ fleetId: id, fleetName: z.string() },
    generation: GenerationRef.meta({ description: 'What it is recorded to serve now.' }),
    anchorsNow: z.array(Anchor),
    anchorsThen: z.string().meta({ description: 'What it trusts in the end, in words.' }),
  })
  .meta({ id: 'PlannedFleet' });

export const RotationPlan = z
  .object({
    strategy: z.enum(STRATEGIES),
    fleets: z.array(PlannedFleet).meta({ description: 'The one that was asked for first.' }),
    waves: z
      .array(z.array(z.object({ hostId: id, name: z.string(), fleetId: id })))
      .meta({ description: 'Hosts in the order in which they are switched: the canaries first.' }),
    phases: z.array(z.object({ phase: z.enum(PHASES), does: z.string() })),
    trustDiff: z.string().nullable().meta({
      description:
        'Which anchors come and go. Exact for `replace` and `distrust`; for `overlap` with the new CA by what makes it.',
    }),
    blocks: z.array(Reason).meta({
      description: 'What the preflight would refuse, as far as it is known without asking the hosts.',
    }),
    warnings: z.array(z.string()),
  })
  .meta({ id: 'RotationPlan', description: 'What a rotation would do.' });
