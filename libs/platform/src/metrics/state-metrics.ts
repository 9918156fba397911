import type { Figures, FleetFigures } from '#engine';

/** One value of a metric. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A metric that is worked out of {@link Figures}. */
export interface StateMetric {
  readonly name: string;
  readonly type: 'gauge' | 'counter';
  readonly help: string;
  readonly labels: readonly string[];
  readonly samples: (figures: Figures) => readonly Sample[];
}

const OUTCOMES = ['succeeded', 'reverted', 'refused', 'cancelled'] as const;
const FLEET = ['fleet', 'fleet_id'] as const;

/** What stands in the database, the same from whichever process and after whatever restart. Times in seconds since the epoch. */
export const STATE_METRICS: readonly StateMetric[] = [
  ofFleets('windlass_client_ca_expiry_timestamp_seconds', ['ca', 'fingerprint'], {
    help: 'When a CA ends that the hosts of the fleet let clients in by: the notAfter of each trust anchor that they serve.',
    samples: ({ trust }) =>
      trust.anchors.map(({ subject, fingerprint, notAfter }) => ({
        labels: { ca: subject, fingerprint: fingerprint.slice(0, 16) },
        value: notAfter / 1000,
      })),
  }),
  ofFleets('windlass_client_ca_seen_timestamp_seconds', [], {
    help: 'When it was last seen on every host of the fleet that these anchors are what it serves: by a rotation that succeeded, or by a look for drift. Missing where nobody has looked.',
    samples: ({ trustSeenAt }) => moment(trustSeenAt),
  }),
  ofFleets('windlass_crl_next_update_timestamp_seconds', ['ca'], {
    help: 'The nextUpdate of a CRL that the hosts serve; from then on nginx refuses all clients of that CA.',
    samples: ({ trust }) =>
      trust.crls.flatMap(({ issuer, nextUpdate }) => moment(nextUpdate, { ca: issuer })),
  }),
  ofFleets('windlass_fleet_created_timestamp_seconds', [], {
    help: 'When the fleet was recorded.',
    samples: ({ createdAt }) => moment(createdAt),
  }),
  ofFleets('windlass_fleet_last_rotated_timestamp_seconds', [], {
    help: 'When a rotation last brought the fleet another trust bundle. Missing before the first.',
    samples: ({ lastRotatedAt }) => moment(lastRotatedAt),
  }),
  ofFleets('windlass_fleet_last_rehearsal_timestamp_seconds', [], {
    help: 'When a fire drill last succeeded. Missing before the first.',
    samples: ({ lastRehearsedAt }) => moment(lastRehearsedAt),
  }),
  ofFleets('windlass_fleet_last_drift_check_timestamp_seconds', [], {
    help: 'When a schedule last looked for drift and came to an end. Missing where none has.',
    samples: ({ drift }) => moment(drift === null ? null : Date.parse(drift.at)),
  }),
  ofFleets('windlass_fleet_hosts', ['state'], {
    help: 'Hosts of the fleet, as the newest look for drift found them: in_sync, drifted, unknown (it could not be asked), unchecked (enrolled since, or no schedule looks), decommissioned.',
    samples: hostsByState,
  }),
  ofFleets('windlass_rotations_total', ['outcome'], {
    type: 'counter',
    help: 'Rotations of the fleet that have ended: succeeded, reverted, refused, cancelled. One of several fleets counts for each of them.',
    samples: ({ ended }) =>
      OUTCOMES.map((outcome) => ({
        labels: { outcome },
        value: ended.find(({ status }) => status === outcome)?.count ?? 0,
      })),
  }),
  ofFleets('windlass_fleet_last_rotation_end_timestamp_seconds', ['outcome'], {
    help: 'When the newest rotation of the fleet ended that has ended, and how. Missing before the first.',
    samples: ({ ended }) => {
      const [last] = ended.toSorted((one, other) => other.lastEndedAt - one.lastEndedAt);
      return last === undefined ? [] : moment(last.lastEndedAt, { outcome: last.status });
    },
  }),
  ofFleets('windlass_rotation_active', ['status', 'phase'], {
    help: '1 while a rotation works on the fleet: pending, running, paused or blocked, and in which phase.',
    samples: ({ active }) =>
      active === null ? [] : [{ labels: { status: active.status, phase: active.phase }, value: 1 }],
  }),
  ofFleets('windlass_rotation_requested_timestamp_seconds', [], {
    help: 'When the rotation was asked for that works on the fleet now.',
    samples: ({ active }) => moment(active?.requestedAt ?? null),
  }),
  ofFleets('windlass_rotation_blocked', ['code'], {
    help: '1 for each reason that blocks the rotation of the fleet, by its code.',
    samples: blockedBy,
  }),
  ofFleets('windlass_old_ca_clients', [], {
    help: 'Clients that may still need the old CA, as they were counted last in the soak of the rotation that works on the fleet.',
    samples: ({ active }) =>
      active?.oldCaClients == null ? [] : [{ labels: {}, value: active.oldCaClients }],
  }),
  {
    ...{ name: 'windlass_queue_jobs', type: 'gauge', labels: ['state'] },
    help: 'Wake-ups in the queue: waiting (due, and with no worker yet), active, delayed (for a moment to come).',
    samples: ({ queue }) =>
      Object.entries(queue).map(([state, value]) => ({ labels: { state }, value: Number(value) })),
  },
  {
    ...{ name: 'windlass_workers', type: 'gauge', labels: [] },
    help: 'Workers that came to the end of a look within the last two minutes.',
    samples: ({ workers }) => [{ labels: {}, value: workers }],
  },
  {
    ...{ name: 'windlass_worker_last_look_timestamp_seconds', type: 'gauge', labels: [] },
    help: 'When any worker last came to the end of a look at all rotations, which each does every ten seconds. Missing before the first.',
    samples: ({ lastLookAt }) => moment(lastLookAt),
  },
];

function ofFleets(
  name: string,
  own: readonly string[],
  {
    type = 'gauge',
    help,
    samples,
  }: {
    readonly type?: StateMetric['type'];
    readonly help: string;
    readonly samples: (fleet: FleetFigures) => readonly Sample[];
  },
): StateMetric {
  const labelled = (fleet: FleetFigures) =>
    samples(fleet).map(({ labels, value }) => ({
      labels: { fleet: fleet.name, fleet_id: fleet.id, ...labels },
      value,
    }));
  return {
    ...{ name, type, help, labels: [...FLEET, ...own] },
    samples: ({ fleets }) => fleets.flatMap(labelled),
  };
}

/** `at` in milliseconds; nothing where there is no such moment: 0 would be one of 1970. */
function moment(at: number | null, labels: Sample['labels'] = {}): readonly Sample[] {
  return at === null ? [] : [{ labels, value: at / 1000 }];
}

function hostsByState({ hosts, drift }: FleetFigures): readonly Sample[] {
  const out = drift?.out ?? [];
  const drifted = out.filter(({ state }) => state === 'drifted').length;
  const checked = Math.min(drift?.hosts ?? 0, hosts.enrolled);
  const counts = {
    in_sync: Math.max(0, checked - out.length),
    ...{ drifted, unknown: out.length - drifted },
    unchecked: hosts.enrolled - checked,
    decommissioned: hosts.decommissioned,
  };
  return Object.entries(counts).map(([state, value]) => ({ labels: { state }, value }));
}

/** Blocked by something that its journal does not tell this release is blocked all the same. */
function blockedBy({ active }: FleetFigures): readonly Sample[] {
  if (active?.status !== 'blocked') return [];
  const codes = active.blockedBy.length === 0 ? ['unknown'] : active.blockedBy;
  return codes.map((code) => ({ labels: { code }, value: 1 }));
}
