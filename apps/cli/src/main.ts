#!/usr/bin/env node
import { auditCommand } from './audit/audit-command.js';
import { verifyCommand } from './audit-log/verify-command.js';
import { policyCommand } from './ca/policy-command.js';
import { installerCommand } from './host/installer-command.js';
import { generateCommand } from './key/generate-command.js';
import { preflightCommand } from './preflight/preflight-command.js';
import { scanCommand } from './scan/scan-command.js';
import { simulateCommand } from './simulate/simulate-command.js';

const USAGE = `windlass: rotates the client CA of a fleet of nginx hosts, all or nothing

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

const print = (line: string) => process.stdout.write(`${line}\n`);
const complain = (line: string) => process.stderr.write(`${line}\n`);

const [command, ...args] = process.argv.slice(2);
if (command === 'simulate') {
  process.exitCode = await simulateCommand(args, print, complain);
} else if (command === 'preflight') {
  process.exitCode = await preflightCommand(args, print, complain);
} else if (command === 'audit' && args[0] === 'verify') {
  process.exitCode = await verifyCommand(args.slice(1), process.env, { print, complain });
} else if (command === 'audit') {
  process.exitCode = auditCommand(args, print, complain);
} else if (command === 'scan') {
  process.exitCode = scanCommand(args, print, complain);
} else if (command === 'ca' && args[0] === 'policy') {
  process.exitCode = policyCommand(args.slice(1), print, complain);
} else if (command === 'host' && args[0] === 'installer') {
  process.exitCode = installerCommand(args.slice(1), print, complain);
} else if (command === 'key' && args[0] === 'generate') {
  process.exitCode = await generateCommand(args.slice(1), { print, complain });
} else if (command === 'key' && args[0] === 'rotate') {
  const { rotateCommand } = await import('./key/rotate-command.js');
  process.exitCode = await rotateCommand(args.slice(1), { print, complain });
} else if (command === 'secrets' && args[0] === 'rewrap') {
  // The database and what it takes, which no other command wants to wait for.
  const { rewrapCommand } = await import('./secrets/rewrap-command.js');
  process.exitCode = await rewrapCommand(args.slice(1), { print, complain });
} else if (command === undefined || command === '--help' || command === '-h') {
  print(USAGE);
} else {
  complain(`windlass: there is no command "${command}"\n\n${USAGE}`);
  process.exitCode = 2;
}
