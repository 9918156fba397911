import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { CaLogins, CaUploads } from '#engine';
import { FleetRecords, type NewIssuingCa } from '#persistence';
import { API_LOG, type ApiLog } from '../api-log.js';
import { refuseOwnParent } from './ca-ways-schema.js';
import { LOGIN_PROBLEMS, takeLogin } from './given-login.js';
import type { NewIssuingCa as Given } from './issuing-ca-schema.js';
import { UPLOAD_PROBLEMS } from './uploaded-cas.controller.js';

export const NEW_CA_PROBLEMS = [
  ...LOGIN_PROBLEMS,
  ...UPLOAD_PROBLEMS,
  'ca.not-in-bundle',
  'ca.name-taken',
  'ca.own-parent',
  'rotation.conflict',
] as const;

/** Issuing CAs as people hand them in, made ready to be recorded. */
@Injectable()
export class GivenIssuingCas {
  constructor(
    @Inject(FleetRecords) private readonly fleets: FleetRecords,
    @Inject(CaLogins) private readonly logins: CaLogins,
    @Inject(CaUploads) private readonly uploads: CaUploads,
    @Inject(API_LOG) private readonly log: ApiLog,
  ) {}

  /** Comes last before a record is written: see {@link takeLogin}. Throws PortError with {@link NEW_CA_PROBLEMS}. */
  async take(given: z.output<typeof Given>, bundlePem: string): Promise<NewIssuingCa> {
    if (given.kind === 'upload') {
      const { kind, name, ...brought } = given;
      return { kind, name, first: await this.uploads.takeFirst({ kind, id: '', name }, brought, bundlePem) };
    }
    if (given.kind === 'aws-pca') return given;
    const { token, appRole, ...place } = given;
    refuseOwnParent(place.mount, place.signedBy);
    await this.fleets.refuseWaysInRotation(place);
    const mount = { ...place, kind: 'vault' } as const;
    return { ...mount, ...(await takeLogin({ token, appRole }, mount, this.logins, this.log)) };
  }
}
