/**
 * Every column that holds sealed values, as `table.column`, and the SQL that names a row in the context of its value. A
 * value is bound to both, so that one copied to another row or column does not open. What is not listed here is not
 * moved to another master key.
 */
export const SEALED_COLUMNS = {
  'hosts.private_key': 'id::text',
  'hosts.jump_private_key': 'id::text',
  'sample_clients.private_key': 'id::text',
  'issuing_cas.token': 'id::text',
  'issuing_cas.secret_id': 'id::text',
  'issuing_cas.secret_access_key': 'id::text',
  'uploaded_cas.probe_private_key': 'id::text',
  'webhook_endpoints.secret': 'id::text',
  'webhook_endpoints.previous_secret': 'id::text',
  'probe_leaves.private_key': "rotation_id || '/' || role",
} as const satisfies Record<`${string}.${string}`, string>;

export type SealedColumn = keyof typeof SEALED_COLUMNS;

export function sealContext(column: SealedColumn, rowId: string): string {
  return `${column}:${rowId}`;
}
