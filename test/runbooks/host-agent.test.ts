import { afterAll } from 'vitest';
import { SshAgent } from '#kit';
import { INCIDENTS } from './host-agent.incidents.js';
import { actOutAll } from './incident.js';

const agent = await SshAgent.start();

afterAll(() => agent.stop());

actOutAll(
  'the agent that logs in',
  {
    api: { sshAgent: agent.socket },
    prepare: ({ privateKey }) => agent.add(privateKey),
    host: () => ({ login: 'agent', privateKey: undefined }),
  },
  INCIDENTS,
);
