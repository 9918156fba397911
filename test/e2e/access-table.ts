/** Who asks, in the order of the columns. Those elsewhere are confined to another fleet than the one that is asked for. */
export const COLUMNS = [
  ...(['viewer', 'operator', 'approver', 'admin'] as const),
  ...(['operator elsewhere', 'admin elsewhere', 'expired key', 'no key'] as const),
];
export type Column = (typeof COLUMNS)[number];

const OPEN = 'yes yes yes yes yes yes yes yes';
/** Everybody who is known, confined to what is theirs. */
const LIST = 'yes yes yes yes yes yes 401 401';
const READ = 'yes yes yes yes 404 404 401 401';
const CHANGE = '403 yes 403 yes 404 404 401 401';
const APPROVE = '403 403 yes yes 403 404 401 401';
/** Of the whole installation. */
const CREATE = '403 yes 403 yes 403 403 401 401';
const KEYS = '403 403 403 yes 403 403 401 401';
/** The record of the whole installation. */
const RECORD = '403 403 yes yes 403 403 401 401';
/** Of the whole installation, for everybody who may see that. */
const LOOK = 'yes yes yes yes 403 403 401 401';
/** Works on no record. */
const JUDGE = '403 yes 403 yes yes yes 401 401';

/** What each of them gets from each route: in, or the status that keeps them out. docs/access.md has it too. */
export const ACCESS_TABLE: Readonly<Record<string, string>> = {
  'GET /livez': OPEN,
  'GET /readyz': OPEN,
  'GET /openapi.json': OPEN,
  'GET /problems': OPEN,
  'GET /problems/:code': OPEN,
  'GET /v1/self': LIST,
  'GET /v1/api-keys': KEYS,
  'POST /v1/api-keys': KEYS,
  'DELETE /v1/api-keys/:keyId': KEYS,
  'GET /v1/audit': RECORD,
  'GET /v1/audit/head': RECORD,
  'GET /v1/audit/export': RECORD,
  'GET /v1/webhooks': LOOK,
  'POST /v1/webhooks': KEYS,
  'GET /v1/webhooks/:webhookId': LOOK,
  'PATCH /v1/webhooks/:webhookId': KEYS,
  'DELETE /v1/webhooks/:webhookId': KEYS,
  'POST /v1/webhooks/:webhookId:rotate-secret': KEYS,
  'POST /v1/webhooks/:webhookId:test': KEYS,
  'GET /v1/webhooks/:webhookId/deliveries': LOOK,
  'POST /v1/webhooks/:webhookId/deliveries/:deliveryId:redeliver': KEYS,
  'GET /v1/fleets': LIST,
  'POST /v1/fleets': CREATE,
  'GET /v1/fleets/:fleetId': READ,
  'GET /v1/fleets/:fleetId/generations': READ,
  'GET /v1/fleets/:fleetId/clients': READ,
  'GET /v1/fleets/:fleetId/crls': READ,
  'PUT /v1/fleets/:fleetId/crls': CHANGE,
  'GET /v1/fleets/:fleetId/drift': READ,
  'PATCH /v1/fleets/:fleetId/issuing-ca': CHANGE,
  'PUT /v1/fleets/:fleetId/issuing-ca/login': CHANGE,
  'GET /v1/fleets/:fleetId/uploaded-cas': READ,
  'POST /v1/fleets/:fleetId/uploaded-cas': CHANGE,
  'GET /v1/fleets/:fleetId/hosts': READ,
  'POST /v1/fleets/:fleetId/hosts': CHANGE,
  'GET /v1/fleets/:fleetId/hosts/:hostId': READ,
  'DELETE /v1/fleets/:fleetId/hosts/:hostId': CHANGE,
  'GET /v1/fleets/:fleetId/samples': READ,
  'POST /v1/fleets/:fleetId/samples': CHANGE,
  'DELETE /v1/fleets/:fleetId/samples/:sampleId': CHANGE,
  'GET /v1/fleets/:fleetId/schedules': READ,
  'POST /v1/fleets/:fleetId/schedules': CHANGE,
  'GET /v1/fleets/:fleetId/schedules/:scheduleId': READ,
  'PATCH /v1/fleets/:fleetId/schedules/:scheduleId': CHANGE,
  'POST /v1/fleets/:fleetId/schedules/:scheduleId:resume': CHANGE,
  'DELETE /v1/fleets/:fleetId/schedules/:scheduleId': CHANGE,
  'GET /v1/schedules': LIST,
  'POST /v1/fleets/:fleetId/preflight': CHANGE,
  'POST /v1/preflight': JUDGE,
  'GET /v1/rotations': LIST,
  'POST /v1/rotations': CHANGE,
  'GET /v1/rotations/:rotationId': READ,
  'GET /v1/rotations/:rotationId/events': READ,
  'GET /v1/rotations/:rotationId/history': READ,
  'GET /v1/rotations/:rotationId/evidence': READ,
  'POST /v1/rotations/:rotationId:pause': CHANGE,
  'POST /v1/rotations/:rotationId:resume': CHANGE,
  'POST /v1/rotations/:rotationId:abort': CHANGE,
  'POST /v1/rotations/:rotationId:retry': CHANGE,
  'POST /v1/rotations/:rotationId:override': CHANGE,
  'POST /v1/rotations/:rotationId:approve': APPROVE,
  'POST /v1/rotations/:rotationId/hosts/:hostId:decommission': CHANGE,
};

/** The table as docs/access.md shows it. */
export function accessTableInMarkdown(): string {
  const rows = Object.entries(ACCESS_TABLE).map(([route, row]) => [`\`${route}\``, ...row.split(' ')]);
  const table = [['route', ...COLUMNS], Array.from({ length: COLUMNS.length + 1 }, () => '---'), ...rows];
  return table.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
