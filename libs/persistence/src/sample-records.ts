import type { DataSource } from 'typeorm';
import { PortError, type SecretBox } from '#engine';
import { Database, violates } from './database.js';
import { SampleClientEntity } from './entities/sample-client.entity.js';
import type { NewSample, SampleView } from './fleet-views.js';
import { isId, newId } from './ids.js';
import { notFound } from './not-found.js';
import { type Page, type PageRequest, readPage, toPage } from './page.js';
import { fleetRow } from './postgres-fleet-store.js';
import { sealContext } from './sealed-columns.js';

/** Sample clients as people record and see them. */
export class SampleRecords {
  private readonly database: Database;

  constructor(
    dataSource: DataSource,
    private readonly box: SecretBox,
  ) {
    this.database = new Database(dataSource);
  }

  /** Throws PortError `fleet.not-found`, `sample.name-taken`. */
  async addSample(fleetId: string, sample: NewSample): Promise<SampleView> {
    const row = this.toRow(fleetId, sample);
    try {
      return await this.database.transaction(async ({ manager }) => {
        await fleetRow(manager, fleetId);
        await manager.insert(SampleClientEntity, row);
        return toSampleView(await manager.findOneByOrFail(SampleClientEntity, { id: row.id }));
      });
    } catch (error) {
      if (violates(error, 'sample_clients_fleet_id_name_key')) throw nameTaken(sample.name);
      throw error;
    }
  }

  /** Oldest first. Throws PortError `fleet.not-found`, `page.bad-cursor`. */
  listSamples(fleetId: string, page: PageRequest): Promise<Page<SampleView>> {
    return this.database.snapshot(async ({ manager }) => {
      await fleetRow(manager, fleetId);
      return toPage(await readPage(manager, SampleClientEntity, { fleetId }, page), page.limit, toSampleView);
    });
  }

  /** Throws PortError `sample.not-found`. */
  async removeSample(fleetId: string, sampleId: string): Promise<void> {
    if (!isId(fleetId) || !isId(sampleId)) throw notFound('sample', sampleId);
    const { affected } = await this.database.statement(({ manager }) =>
      manager.delete(SampleClientEntity, { id: sampleId, fleetId }),
    );
    if (affected !== 1) throw notFound('sample', sampleId);
  }

  private toRow(fleetId: string, sample: NewSample): Omit<SampleClientEntity, 'createdAt'> {
    const id = newId();
    const { name, certificatePem, chainPem, expect } = sample;
    const context = sealContext('sample_clients.private_key', id);
    const privateKey = sample.privateKey === null ? null : this.box.seal(sample.privateKey.reveal(), context);
    return { id, fleetId, name, certificatePem, chainPem, privateKey, expect };
  }
}

function toSampleView(row: SampleClientEntity): SampleView {
  const { id, fleetId, name, certificatePem, chainPem, expect, createdAt } = row;
  return {
    id,
    fleetId,
    name,
    certificatePem,
    chainPem,
    expect,
    hasPrivateKey: row.privateKey !== null,
    createdAt,
  };
}

function nameTaken(name: string): PortError {
  return new PortError({
    code: 'sample.name-taken',
    message: `The fleet has a sample client named ${name} already.`,
    nextStep: 'Take another name, or remove the sample that has it.',
  });
}
