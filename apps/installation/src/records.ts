import type { DataSource } from 'typeorm';
import type { SecretBox } from '#engine';
import {
  ApiKeys,
  AuditRecords,
  FleetRecords,
  HostRecords,
  IdempotentRequests,
  Retention,
  RotationRecords,
  SampleRecords,
  ScheduleRecords,
  WebhookDeliveries,
  WebhookEndpoints,
} from '#persistence';
import { generateApiKey, hashApiKey } from '#platform';
import { newWebhookSecret } from '#webhooks';

/** What people record and read, beside the journal. */
export interface Records {
  readonly fleets: FleetRecords;
  readonly hosts: HostRecords;
  readonly samples: SampleRecords;
  readonly schedules: ScheduleRecords;
  readonly rotations: RotationRecords;
  readonly apiKeys: ApiKeys;
  readonly audit: AuditRecords;
  readonly retention: Retention;
  readonly idempotentRequests: IdempotentRequests;
  readonly webhooks: WebhookEndpoints;
  readonly deliveries: WebhookDeliveries;
}

export function openRecords(dataSource: DataSource, box: SecretBox): Records {
  return {
    fleets: new FleetRecords(dataSource, box),
    hosts: new HostRecords(dataSource, box),
    samples: new SampleRecords(dataSource, box),
    schedules: new ScheduleRecords(dataSource),
    rotations: new RotationRecords(dataSource),
    apiKeys: new ApiKeys(dataSource, { generate: generateApiKey, hash: hashApiKey }),
    audit: new AuditRecords(dataSource),
    retention: new Retention(dataSource),
    idempotentRequests: new IdempotentRequests(dataSource),
    webhooks: new WebhookEndpoints(dataSource, box, newWebhookSecret),
    deliveries: new WebhookDeliveries(dataSource),
  };
}
