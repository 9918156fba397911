import { setTimeout as sleep } from 'node:timers/promises';
import { ListCertificateAuthoritiesCommand } from '@aws-sdk/client-acm-pca';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AwsCaSource } from '#ca-source';
import { bootFleet, startMoto, type TestAws, type TestFleet } from '#kit';
import { type RunningWorker, startWorker } from '../../apps/worker/src/worker.js';
import { ACCOUNT, newGroup, othersClient, REGION, type TestGroup } from '../conformance/ca-source.moto.js';
import { requestRotation } from './recording.js';
import { type Reply, type RunningApi, runApi } from './running-api.js';
import { hostBody } from './served-fleet.js';

const LONGEST_MS = 90_000;
const source = new AwsCaSource();

/** A rotation whose CAs are in AWS Private CA, on real hosts; moto stands for AWS. */
describe('a rotation from one CA of AWS to another', () => {
  let api: RunningApi;
  let worker: RunningWorker;
  let aws: TestAws;
  let group: TestGroup;
  let fleet: TestFleet;
  let fleetId: string;
  let oldPem: string;

  beforeAll(async () => {
    aws = await startMoto();
    group = await newGroup(aws.address);
    oldPem = (await source.survey(group.ca)).issuers[0]?.certificatePem ?? '';
    [api, fleet] = await Promise.all([runApi(), bootFleet({ hosts: 2, bundlePem: oldPem })]);
    worker = await startWorker(api.installation, 10);
    const place = { kind: 'aws-pca', region: REGION, account: ACCOUNT, endpoint: aws.address };
    const accessKey = { id: 'AKIAIOSFODNN7EXAMPLE', secret: group.ca.accessKey?.secret.reveal() };
    const made = await api.call('POST', '/v1/fleets', {
      body: {
        ...{ name: 'in-aws', soakSeconds: 0, contractWhen: 'soaked', bundlePem: oldPem },
        issuingCa: { ...place, group: group.ca.group, accessKey },
      },
    });
    fleetId = made.body.id;
    const hosts = { hosts: fleet.hosts.map(hostBody) };
    const enrolled = await api.call('POST', `/v1/fleets/${fleetId}/hosts`, { body: hosts });
    if (enrolled.status !== 201) throw new Error(enrolled.text);
  }, LONGEST_MS);
  afterAll(async () => {
    await worker?.stop();
    await Promise.all([api?.stop(), fleet?.stop(), aws?.stop()]);
  });

  const ended = async (id: string): Promise<Reply['body']> => {
    for (const deadline = Date.now() + LONGEST_MS; ; await sleep(50)) {
      const { body } = await api.call('GET', `/v1/rotations/${id}`);
      if (body.endedAt !== null) return body;
      if (Date.now() > deadline) throw new Error(`${body.status}: ${body.explanation}`);
    }
  };

  it('creates a CA, switches the tag, disables the old one, and leaves the hosts with the new one', async () => {
    const rotation = await ended(await requestRotation(api, fleetId));
    expect(rotation, rotation.explanation).toMatchObject({ status: 'succeeded' });
    const { issuers, defaultIssuerId } = await source.survey(group.ca);
    const [now, before] = [
      issuers.find(({ id }) => id === defaultIssuerId),
      issuers.find(({ id }) => id === group.oldId),
    ];
    expect(now?.name).toBe(`windlass-${rotation.id}`);
    expect(now?.usage).toContain('issuing-certificates');
    expect(before?.usage).not.toContain('issuing-certificates');
    for (const host of fleet.hosts) {
      const bundle = host.readFile(`.${host.managedPath}`);
      expect(bundle).toContain(now?.certificatePem.trim());
      expect(bundle).not.toContain(oldPem.trim());
    }
    expect(JSON.stringify(rotation)).not.toContain(group.ca.accessKey?.secret.reveal());
  });

  it('makes no CA in AWS, and touches none, where a host is found broken first', async () => {
    const { defaultIssuerId } = await source.survey(group.ca);
    const [host] = fleet.hosts;
    host?.writeFile('./etc/nginx/nginx.conf', 'broken');
    const rotation = await ended(await requestRotation(api, fleetId));
    expect(rotation).toMatchObject({ status: 'refused' });
    const after = await source.survey(group.ca);
    expect([after.defaultIssuerId, after.issuers.length]).toEqual([defaultIssuerId, 2]);
    const { CertificateAuthorities = [] } = await othersClient(aws.address).send(
      new ListCertificateAuthoritiesCommand({}),
    );
    expect(CertificateAuthorities.map(({ Status }) => Status).sort()).toEqual(['ACTIVE', 'DISABLED']);
  });
});
