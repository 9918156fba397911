export type { ApiKeyView, FoundApiKey, KeyBounds, NewApiKey } from './api-key-views.js';
export { ApiKeys, type KeyHashing } from './api-keys.js';
export { type AuditFilter, AuditRecords } from './audit-records.js';
export { type AuditVerdict, verifyAudit } from './audit-verification.js';
export { createDataSource, type DataSourceSettings, openDataSource } from './data-source.js';
export { DatabaseFailure } from './database.js';
export { describeDatabase } from './database-problem.js';
export { FleetRecords } from './fleet-records.js';
export * from './fleet-views.js';
export type { AnchorView } from './generation-anchors.js';
export { HostEnrolled, HostRecords } from './host-records.js';
export {
  type Claim,
  type Claimed,
  type IdempotentRequest,
  IdempotentRequests,
  type KeptReply,
} from './idempotent-requests.js';
export { migrate, rollBack } from './migrate.js';
export { notFound } from './not-found.js';
export type { Page, PageRequest } from './page.js';
export { PostgresAuditLog } from './postgres-audit-log.js';
export { PostgresFleetStore } from './postgres-fleet-store.js';
export { PostgresJournal } from './postgres-journal.js';
export { PostgresObservationStore } from './postgres-observation-store.js';
export { PostgresRotationStore } from './postgres-rotation-store.js';
export { PostgresScheduleStore } from './postgres-schedule-store.js';
export { PostgresUploadedCas } from './postgres-uploaded-cas.js';
export { PostgresWebhookStore } from './postgres-webhook-store.js';
export { PostgresWrappedKeys } from './postgres-wrapped-keys.js';
export { type Pruned, Retention } from './retention.js';
export { type RotationFilter, RotationRecords, type RotationView } from './rotation-records.js';
export { SampleRecords } from './sample-records.js';
export { ScheduleRecords } from './schedule-records.js';
export { SEALED_COLUMNS, type SealedColumn } from './sealed-columns.js';
export { type Resealed, type ResealingBox, SealedValues, type Unopened } from './sealed-values.js';
export { WebhookDeliveries } from './webhook-deliveries.js';
export { WebhookEndpoints } from './webhook-endpoints.js';
export * from './webhook-views.js';
