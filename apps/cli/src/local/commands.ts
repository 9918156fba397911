import { localCommand } from '../command-line/local-command.js';

/** What works on this machine. Each loads what it takes when it is asked for, and nobody waits for the others. */
export const LOCAL_COMMANDS = [
  localCommand({
    words: 'preflight',
    says: 'says what nginx would do with your clients and a new bundle',
    options: async () => (await import('../preflight/options.js')).PREFLIGHT_OPTIONS,
    load: async () => {
      const { preflightCommand } = await import('../preflight/preflight-command.js');
      return (args, { print, complain }) => preflightCommand(args, print, complain);
    },
  }),
  localCommand({
    words: 'audit',
    operands: ['FILE'],
    says: 'finds and mends what an nginx configuration does with client certificates',
    options: async () => (await import('../audit/options.js')).AUDIT_OPTIONS,
    load: async () => {
      const { auditCommand } = await import('../audit/audit-command.js');
      return (args, { print, complain }) => auditCommand(args, print, complain);
    },
  }),
  localCommand({
    words: 'audit verify',
    operands: ['[FILE]'],
    says: 'says whether the audit log is the one that was written',
    options: async () => (await import('../audit-log/options.js')).VERIFY_OPTIONS,
    load: async () => {
      const { verifyCommand } = await import('../audit-log/verify-command.js');
      return (args, writers, env) => verifyCommand(args, env, writers);
    },
  }),
  localCommand({
    words: 'scan',
    operands: ['FILE'],
    says: 'finds what Kubernetes manifests do with client certificates',
    options: async () => (await import('../findings/options.js')).FINDING_OPTIONS,
    load: async () => {
      const { scanCommand } = await import('../scan/scan-command.js');
      return (args, { print, complain }) => scanCommand(args, print, complain);
    },
  }),
  localCommand({
    words: 'ca policy',
    says: 'prints the policy that Windlass needs at Vault',
    options: async () => (await import('../ca/policy-command.js')).POLICY_OPTIONS,
    load: async () => {
      const { policyCommand } = await import('../ca/policy-command.js');
      return (args, { print, complain }) => policyCommand(args, print, complain);
    },
  }),
  localCommand({
    words: 'host installer',
    says: 'prints the script that prepares a host for a user without root',
    options: async () => (await import('../host/installer-command.js')).INSTALLER_OPTIONS,
    load: async () => {
      const { installerCommand } = await import('../host/installer-command.js');
      return (args, { print, complain }) => installerCommand(args, print, complain);
    },
  }),
  localCommand({
    words: 'key generate',
    says: 'makes the master key of a new installation',
    options: async () => (await import('../key/generate-command.js')).GENERATE_OPTIONS,
    load: async () => {
      const { generateCommand } = await import('../key/generate-command.js');
      return (args, writers) => generateCommand(args, writers);
    },
  }),
  localCommand({
    words: 'key rotate',
    says: "makes another master key, where Vault's transit wraps it",
    options: async () => ({}),
    load: async () => {
      const { rotateCommand } = await import('../key/rotate-command.js');
      return (args, writers) => rotateCommand(args, writers);
    },
  }),
  localCommand({
    words: 'migrate',
    says: 'brings the schema of the database up to date, and ends',
    options: async () => ({}),
    load: async () => {
      const { migrateCommand } = await import('../migrate/migrate-command.js');
      return (args, writers) => migrateCommand(args, writers);
    },
  }),
  localCommand({
    words: 'secrets rewrap',
    says: 'moves every stored secret to another master key',
    options: async () => ({}),
    load: async () => {
      const { rewrapCommand } = await import('../secrets/rewrap-command.js');
      return (args, writers) => rewrapCommand(args, writers);
    },
  }),
  localCommand({
    words: 'simulate',
    says: 'proves the engine against a simulated world',
    options: async () => (await import('../simulate/options.js')).SIMULATE_OPTIONS,
    load: async () => {
      const { simulateCommand } = await import('../simulate/simulate-command.js');
      return (args, { print, complain }) => simulateCommand(args, print, complain);
    },
  }),
];
