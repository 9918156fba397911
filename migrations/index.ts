import { Fleets1795478400000 } from './1795478400000-fleets.js';
import { Rotations1795478400001 } from './1795478400001-rotations.js';
import { Scopes1795564800000 } from './1795564800000-scopes.js';
import { HostAccess1795651200000 } from './1795651200000-host-access.js';
import { ContractWhen1795737600000 } from './1795737600000-contract-when.js';
import { ClientLog1795737600001 } from './1795737600001-client-log.js';
import { SchedulePlans1795824000000 } from './1795824000000-schedule-plans.js';
import { CaSources1795824000001 } from './1795824000001-ca-sources.js';
import { GenerationMarker1795824000002 } from './1795824000002-generation-marker.js';
import { Strategies1795824000003 } from './1795824000003-strategies.js';
import { Crls1795824000010 } from './1795824000010-crls.js';
import { CaChains1795824000011 } from './1795824000011-ca-chains.js';
import { Approval1795824000012 } from './1795824000012-approval.js';
import { AwsPrivateCa1795824000013 } from './1795824000013-aws-private-ca.js';
import { KeyBounds1795824000014 } from './1795824000014-key-bounds.js';
import { MasterKeys1795824000015 } from './1795824000015-master-keys.js';
import { IdempotentRequests1795824000017 } from './1795824000017-idempotent-requests.js';
import { AuditChain1795824000018 } from './1795824000018-audit-chain.js';
import { Webhooks1795824000020 } from './1795824000020-webhooks.js';
import { SshLogins1795824000021 } from './1795824000021-ssh-logins.js';
import { HostObservations1795824000022 } from './1795824000022-host-observations.js';

/** In order. A class stays here for ever once a release had it; TypeORM finds applied ones by name. */
export const MIGRATIONS = [
  Fleets1795478400000,
  Rotations1795478400001,
  Scopes1795564800000,
  HostAccess1795651200000,
  ContractWhen1795737600000,
  ClientLog1795737600001,
  SchedulePlans1795824000000,
  CaSources1795824000001,
  GenerationMarker1795824000002,
  Strategies1795824000003,
  Crls1795824000010,
  CaChains1795824000011,
  Approval1795824000012,
  AwsPrivateCa1795824000013,
  KeyBounds1795824000014,
  MasterKeys1795824000015,
  IdempotentRequests1795824000017,
  AuditChain1795824000018,
  Webhooks1795824000020,
  SshLogins1795824000021,
  HostObservations1795824000022,
];
