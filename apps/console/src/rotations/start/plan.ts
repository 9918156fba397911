import type { ApiClient } from '#api-client';
import type { NewRotation } from './wish.js';

interface Reason {
  readonly code: string;
  readonly message: string;
  readonly nextStep: string;
}

interface Anchor {
  readonly id: string;
  readonly subject: string;
  readonly notAfter: string;
}

/** What a rotation would do, as `POST /v1/rotations?dryRun=true` tells it. */
export interface RotationPlan {
  readonly strategy: string;
  readonly fleets: readonly {
    readonly fleetId: string;
    readonly fleetName: string;
    readonly generation: number;
    readonly anchorsNow: readonly Anchor[];
    readonly anchorsThen: readonly Anchor[] | null;
  }[];
  readonly waves: readonly (readonly {
    readonly hostId: string;
    readonly name: string;
    readonly fleetId: string;
  }[])[];
  readonly phases: readonly { readonly phase: string; readonly does: string }[];
  readonly trustDiff: string | null;
  readonly blocks: readonly Reason[];
  readonly warnings: readonly string[];
}

/** Asks what it would do; nothing is recorded. Rejects with the problem that a start would end in. */
export async function planRotation(client: ApiClient, body: NewRotation): Promise<RotationPlan> {
  const query = { dryRun: 'true' } as never;
  const { data } = await client.POST('/v1/rotations', { body, params: { query } });
  if (data === undefined) throw new Error('The API gave no plan.');
  return data as unknown as RotationPlan;
}
