import { ApiKeyEntity } from './api-key.entity.js';
import { AuditEntryEntity } from './audit-entry.entity.js';
import { AuditHeadEntity } from './audit-head.entity.js';
import { FleetEntity } from './fleet.entity.js';
import { GenerationEntity } from './generation.entity.js';
import { HostEntity } from './host.entity.js';
import { HostObservationEntity } from './host-observation.entity.js';
import { IdempotentRequestEntity } from './idempotent-request.entity.js';
import { InstallationEntity } from './installation.entity.js';
import { IssuingCaEntity } from './issuing-ca.entity.js';
import { JournalEntryEntity } from './journal-entry.entity.js';
import { LeaseEntity } from './lease.entity.js';
import { LockEntity } from './lock.entity.js';
import { MasterKeyEntity } from './master-key.entity.js';
import { ProbeLeafEntity } from './probe-leaf.entity.js';
import { ProbeTargetEntity } from './probe-target.entity.js';
import { RotationEntity } from './rotation.entity.js';
import { SampleClientEntity } from './sample-client.entity.js';
import { ScheduleEntity } from './schedule.entity.js';
import { UploadedCaEntity } from './uploaded-ca.entity.js';
import { WebhookCursorEntity } from './webhook-cursor.entity.js';
import { WebhookDeliveryEntity } from './webhook-delivery.entity.js';
import { WebhookEndpointEntity } from './webhook-endpoint.entity.js';

export const ENTITIES = [
  ApiKeyEntity,
  AuditEntryEntity,
  AuditHeadEntity,
  FleetEntity,
  GenerationEntity,
  HostEntity,
  HostObservationEntity,
  IdempotentRequestEntity,
  InstallationEntity,
  IssuingCaEntity,
  JournalEntryEntity,
  LeaseEntity,
  LockEntity,
  MasterKeyEntity,
  ProbeLeafEntity,
  ProbeTargetEntity,
  RotationEntity,
  SampleClientEntity,
  ScheduleEntity,
  UploadedCaEntity,
  WebhookCursorEntity,
  WebhookDeliveryEntity,
  WebhookEndpointEntity,
];
