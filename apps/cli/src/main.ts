#!/usr/bin/env node
import type { Writers } from './print-command.js';
import { isRotationCommand } from './rotation/words.js';

const USAGE = `windlass: rotates the client CA of a fleet of nginx hosts, all or nothing

  windlass fleets, hosts, drift, rotations, rotate, get, explain, postmortem, pause, resume, abort, retry, override, approve
                            talk to the API: start rotations, watch them, tell them what to do; see windlass get --help
  windlass simulate         proves the engine against a simulated world; see windlass simulate --help
  windlass preflight        says what nginx would do with your clients and a new bundle; see its --help
  windlass audit            finds and mends what an nginx configuration does with client certificates; see its --help
  windlass audit verify     says whether the audit log is the one that was written; see its --help
  windlass scan             finds what Kubernetes manifests do with client certificates; see its --help
  windlass ca policy        prints the policy that Windlass needs at Vault; see its --help
  windlass host installer   prints the script that prepares a host for a user without root; see its --help
  windlass key generate     makes the master key of a new installation; see its --help
  windlass key rotate       makes another master key, where Vault's transit wraps it; see its --help
  windlass secrets rewrap   moves every stored secret to another master key; see its --help
`;

// Whoever reads may have seen enough, as head does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

const writers: Writers = {
  print: (line) => void process.stdout.write(`${line}\n`),
  complain: (line) => void process.stderr.write(`${line}\n`),
};
const { print, complain } = writers;

type Run = (args: readonly string[]) => number | Promise<number>;

/** Each loads what it takes when it is asked for, and nobody waits for the others. The longer words come first. */
const COMMANDS: readonly (readonly [words: string, load: () => Promise<Run>])[] = [
  [
    'simulate',
    async () => {
      const { simulateCommand } = await import('./simulate/simulate-command.js');
      return (args) => simulateCommand([...args], print, complain);
    },
  ],
  [
    'preflight',
    async () => {
      const { preflightCommand } = await import('./preflight/preflight-command.js');
      return (args) => preflightCommand([...args], print, complain);
    },
  ],
  [
    'audit verify',
    async () => {
      const { verifyCommand } = await import('./audit-log/verify-command.js');
      return (args) => verifyCommand(args, process.env, writers);
    },
  ],
  [
    'audit',
    async () => {
      const { auditCommand } = await import('./audit/audit-command.js');
      return (args) => auditCommand([...args], print, complain);
    },
  ],
  [
    'scan',
    async () => {
      const { scanCommand } = await import('./scan/scan-command.js');
      return (args) => scanCommand([...args], print, complain);
    },
  ],
  [
    'ca policy',
    async () => {
      const { policyCommand } = await import('./ca/policy-command.js');
      return (args) => policyCommand([...args], print, complain);
    },
  ],
  [
    'host installer',
    async () => {
      const { installerCommand } = await import('./host/installer-command.js');
      return (args) => installerCommand([...args], print, complain);
    },
  ],
  [
    'key generate',
    async () => {
      const { generateCommand } = await import('./key/generate-command.js');
      return (args) => generateCommand([...args], writers);
    },
  ],
  [
    'key rotate',
    async () => {
      const { rotateCommand } = await import('./key/rotate-command.js');
      return (args) => rotateCommand([...args], writers);
    },
  ],
  [
    'secrets rewrap',
    async () => {
      const { rewrapCommand } = await import('./secrets/rewrap-command.js');
      return (args) => rewrapCommand([...args], writers);
    },
  ],
];

const words = process.argv.slice(2);
const named = COMMANDS.find(([command]) => command.split(' ').every((word, place) => words[place] === word));
if (isRotationCommand(words[0])) {
  const { rotationCommand } = await import('./rotation/rotation-command.js');
  const { terminal } = await import('./rotation/terminal.js');
  process.exitCode = await rotationCommand(words, process.env, writers, terminal(print));
} else if (named) {
  const [command, load] = named;
  process.exitCode = await (await load())(words.slice(command.split(' ').length));
} else if (words.length === 0 || words[0] === '--help' || words[0] === '-h') {
  print(USAGE);
} else {
  complain(`windlass: there is no command "${words[0]}"\n\n${USAGE}`);
  process.exitCode = 2;
}
