import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { AwsCaSource } from '#ca-source';
import { type AwsPcaCa, Secret } from '#engine';
import { projectPath } from '#platform';
import { startMoto, type TestAws } from '../kit/moto.js';
import { judge, newGroup } from './ca-source.moto.js';

interface Statement {
  readonly Action: readonly string[];
  readonly Resource: string;
  readonly Condition?: object;
}

const source = new AwsCaSource();
const shipped: { readonly Statement: readonly Statement[] } = JSON.parse(
  await readFile(projectPath('policy/aws/windlass.json'), 'utf8'),
);
const ACTIONS = [...new Set(shipped.Statement.flatMap(({ Action }) => Action))].sort();

/**
 * The policy that we ship grants every action that a rotation needs and none besides. moto judges actions alone, so
 * what the policy says of resources and conditions is left out here (moto-gaps.test.ts).
 */
describe('the IAM policy for Windlass', () => {
  let aws: TestAws;
  let user: string;
  let key: { id: string; secret: Secret };

  beforeAll(async () => {
    aws = await startMoto();
    user = `windlass-${randomUUID().slice(0, 8)}`;
    await askIam(aws, { Action: 'CreateUser', UserName: user });
    const text = await askIam(aws, { Action: 'CreateAccessKey', UserName: user });
    const field = (name: string) => new RegExp(`<${name}>([^<]+)`).exec(text)?.[1] ?? '';
    key = { id: field('AccessKeyId'), secret: new Secret(field('SecretAccessKey')) };
  });
  afterAll(() => aws?.stop());

  const grant = async (actions: readonly string[]) => {
    const policy = { Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] };
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', ...policy });
    await askIam(aws, { Action: 'PutUserPolicy', UserName: user, PolicyName: 'windlass', PolicyDocument });
  };

  /** Rotates, falls back and withdraws with these actions alone. */
  const rotateWith = async (actions: readonly string[]) => {
    const { ca, oldId } = await newGroup(aws.address, key);
    await grant(actions);
    await judge(aws, true);
    try {
      await rotate(ca, oldId);
    } finally {
      await judge(aws, false);
    }
  };

  it('is enough for a rotation, its way back and its withdrawal', async () => {
    await rotateWith(ACTIONS);
  });

  it.each(ACTIONS)('is not enough without %s, and who lacks it is told so', async (action) => {
    const [, name] = action.split(':');
    await expect(rotateWith(ACTIONS.filter((one) => one !== action))).rejects.toMatchObject({
      problem: { code: 'ca.denied', nextStep: expect.stringContaining(`allow acm-pca:${name} on`) },
    });
  });

  it('refuses an access key that AWS does not know, and one with another secret', async () => {
    const { ca } = await newGroup(aws.address, key);
    const strangers = [
      { id: 'AKIASTRANGERSTRANGER', secret: key.secret },
      { id: key.id, secret: new Secret('another') },
    ];
    await judge(aws, true);
    try {
      for (const accessKey of strangers) {
        const survey = source.survey({ ...ca, accessKey });
        await expect(survey).rejects.toMatchObject({ problem: { code: 'ca.login-refused' } });
      }
    } finally {
      await judge(aws, false);
    }
  });

  it('judges the role of the machine where there is no access key', async () => {
    const { ca, oldId } = await newGroup(aws.address);
    const byRole = { ...ca, accessKey: null };
    await grant(ACTIONS);
    await judge(aws, true);
    try {
      vi.stubEnv('AWS_ACCESS_KEY_ID', key.id);
      vi.stubEnv('AWS_SECRET_ACCESS_KEY', key.secret.reveal());
      expect((await source.survey(byRole)).defaultIssuerId).toBe(oldId);
      vi.unstubAllEnvs();
      vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
      const survey = source.survey(byRole);
      await expect(survey).rejects.toMatchObject({ problem: { code: 'ca.login-refused' } });
    } finally {
      vi.unstubAllEnvs();
      await judge(aws, false);
    }
  });

  it('grants everything but looking round for the CAs of one group alone', () => {
    for (const { Action, Condition } of shipped.Statement) {
      const looksRound = /^acm-pca:List(CertificateAuthorities|Tags)$/.test(Action.join());
      expect(JSON.stringify(Condition ?? {}).includes('Tag/windlass-group":"{{group}}"'), Action.join()).toBe(
        !looksRound,
      );
    }
  });
});

async function rotate(ca: AwsPcaCa, oldId: string): Promise<void> {
  await source.survey(ca);
  const newRoot = { name: 'windlass-new', commonName: 'New CA', ttlSeconds: 31_536_000 };
  const { id } = await source.prepareIssuer(ca, newRoot);
  await source.setIssuing(ca, id, true);
  await source.issueLeaf(ca, { issuerId: id, commonName: 'client', ttlSeconds: 600 });
  await source.switchDefault(ca, oldId, id);
  await source.issueLeaf(ca, { issuerId: null, commonName: 'client', ttlSeconds: 600 });
  await source.setIssuing(ca, oldId, false);
  await source.setIssuing(ca, oldId, true);
  await source.switchDefault(ca, id, oldId);
  await source.withdrawIssuer(ca, newRoot.name);
}

/** Without a signature: moto is asked by who sets the test up. */
async function askIam({ address }: TestAws, fields: Record<string, string>): Promise<string> {
  const credential = 'Credential=AKIASETUP/20200101/us-east-1/iam/aws4_request';
  const response = await fetch(address, {
    method: 'POST',
    headers: { authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=host, Signature=none` },
    body: new URLSearchParams({ ...fields, Version: '2010-05-08' }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`IAM answered ${response.status}: ${text}`);
  return text;
}
