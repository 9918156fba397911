/** What a sealed value is bound to, so that one copied to another row or column does not open. */
export type SealedColumn =
  | 'hosts.private_key'
  | 'sample_clients.private_key'
  | 'issuing_cas.token'
  | 'issuing_cas.secret_id'
  | 'issuing_cas.secret_access_key'
  | 'uploaded_cas.probe_private_key'
  | 'probe_leaves.private_key'
  | 'webhook_endpoints.secret'
  | 'webhook_endpoints.previous_secret';

export function sealContext(column: SealedColumn, rowId: string): string {
  return `${column}:${rowId}`;
}
