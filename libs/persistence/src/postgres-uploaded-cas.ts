import type { DataSource, EntityManager } from 'typeorm';
import { type NewUploadedCa, type SecretBox, type UploadedCa, UploadedCas } from '#engine';
import { Database, type Session } from './database.js';
import { UploadedCaEntity } from './entities/uploaded-ca.entity.js';
import { isId, newId } from './ids.js';
import { sealContext } from './sealed-columns.js';

/** Uploaded CAs in PostgreSQL. Throws PortError `database.unreachable` where it is away. */
export class PostgresUploadedCas extends UploadedCas {
  private readonly database: Database;

  constructor(
    dataSource: DataSource,
    private readonly box: SecretBox,
  ) {
    super();
    this.database = new Database(dataSource);
  }

  override async list(issuingCaId: string): Promise<readonly UploadedCa[]> {
    if (!isId(issuingCaId)) return [];
    const rows = await this.database.statement(({ manager }) => rowsOf(manager, issuingCaId));
    return rows.map((row) => toUploadedCa(row, this.box));
  }

  override add(issuingCaId: string, ca: NewUploadedCa): Promise<UploadedCa> {
    return this.database.transaction(async (session) => {
      await lock(session, issuingCaId);
      const { manager } = session;
      const { fingerprint } = ca;
      const known = await manager.findOneBy(UploadedCaEntity, { issuingCaId, fingerprint });
      if (known?.state !== 'current') {
        await manager.update(UploadedCaEntity, { issuingCaId, state: 'next' }, { state: 'past' });
      }
      const row = await keepUploadedCa(
        manager,
        this.box,
        issuingCaId,
        ca,
        known?.state === 'current' ? 'current' : 'next',
      );
      return toUploadedCa(row, this.box);
    });
  }

  override makeCurrent(issuingCaId: string, from: string, to: string): Promise<string> {
    return this.database.transaction(async (session) => {
      await lock(session, issuingCaId);
      const { manager } = session;
      const rows = await rowsOf(manager, issuingCaId);
      const current = rows.find(({ state }) => state === 'current')?.id ?? '';
      const ids = rows.map(({ id }) => id);
      if (current !== from || !ids.includes(to)) return current;
      await manager.update(UploadedCaEntity, { issuingCaId, state: 'next' }, { state: 'past' });
      const left = ids.indexOf(from) > ids.indexOf(to) ? 'next' : 'past';
      await manager.update(UploadedCaEntity, { id: from }, { state: left });
      await manager.update(UploadedCaEntity, { id: to }, { state: 'current' });
      return to;
    });
  }
}

/** Writes a CA that people brought, or renews the client of one that is known. The key is sealed for its row. */
export async function keepUploadedCa(
  manager: EntityManager,
  box: SecretBox,
  issuingCaId: string,
  { certificatePem, fingerprint, probe, crlPem }: NewUploadedCa,
  state: UploadedCa['state'],
): Promise<UploadedCaEntity> {
  const known = await manager.findOneBy(UploadedCaEntity, { issuingCaId, fingerprint });
  const id = known?.id ?? newId();
  const kept = {
    ...{ state, probeCertificatePem: probe.certificatePem, probeChainPem: probe.chainPem },
    ...(crlPem === undefined ? {} : { crlPem }),
    probePrivateKey: box.seal(probe.privateKey.reveal(), sealContext('uploaded_cas.probe_private_key', id)),
  };
  if (known) await manager.update(UploadedCaEntity, { id }, kept);
  else await manager.insert(UploadedCaEntity, { id, issuingCaId, certificatePem, fingerprint, ...kept });
  return manager.findOneByOrFail(UploadedCaEntity, { id });
}

function rowsOf(manager: EntityManager, issuingCaId: string): Promise<UploadedCaEntity[]> {
  return manager.find(UploadedCaEntity, { where: { issuingCaId }, order: { createdAt: 'ASC', id: 'ASC' } });
}

/** Two who bring a CA at once, or a rotation that switches meanwhile, wait for each other. */
async function lock(session: Session, issuingCaId: string): Promise<void> {
  await session.rows('SELECT 1 FROM issuing_cas WHERE id = $1 FOR NO KEY UPDATE', [issuingCaId]);
}

function toUploadedCa(row: UploadedCaEntity, box: SecretBox): UploadedCa {
  const { id, certificatePem, state, probeCertificatePem, probeChainPem: chainPem, crlPem } = row;
  const context = sealContext('uploaded_cas.probe_private_key', id);
  const privateKey = box.open(row.probePrivateKey, context);
  const probe = { certificatePem: probeCertificatePem, chainPem, privateKey };
  return { id, certificatePem, state, probe, crlPem };
}
