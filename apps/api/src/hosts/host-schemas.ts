import { z } from 'zod';
import { pageOf, pageQuery } from '../http/page.js';
import { absolutePath, address, commandWord, dnsName, id, port, timestamp } from '../http/text.js';
import { hostKeyFields, knownHosts } from './host-key-fields.js';
import { fittingLogin, login, loginFields } from './login-fields.js';
import { ObservedHost } from './observed-schema.js';

const nginxBinary = z
  .string()
  .max(1_000)
  .regex(
    /^(?!.*\/\.\.?(\/|$))(\/[A-Za-z0-9_.+@-]+(\/[A-Za-z0-9_.+@-]+)*|[A-Za-z0-9_][A-Za-z0-9_.+-]*)$/,
    'must be a name such as "nginx" or an absolute path, without characters that a shell reads',
  );

const words = z.array(commandWord).max(32);
const access = z.enum(['root', 'installed']);

export const NewProbeTarget = z
  .strictObject({
    address,
    port,
    serverName: dnsName
      .nullable()
      .default(null)
      .meta({ description: 'TLS SNI; null sends none, and then the default server of nginx decides.' }),
    path: z
      .string()
      .max(2_000)
      .regex(/^\/[\x21-\x7e]*$/, 'must begin with "/" and hold printable ASCII without spaces')
      .default('/'),
  })
  .meta({ id: 'NewProbeTarget', description: 'A listener of the host that asks for client certificates.' });

export const NewJumpHost = z
  .strictObject({ address, port: port.default(22), ...loginFields, ...hostKeyFields })
  .superRefine(fittingLogin)
  .meta({
    id: 'NewJumpHost',
    description: 'An SSH server that passes the connection on, with a login and a pinned key of its own.',
  });

export const NewHost = z
  .strictObject({
    name: z
      .string()
      .regex(
        /^[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?$/,
        'must have 1 to 253 of A-Z a-z 0-9 . _ - and begin and end with a letter or digit',
      )
      .meta({ examples: ['edge-1'] }),
    address,
    port: port.default(22),
    ...loginFields,
    ...hostKeyFields,
    jump: NewJumpHost.nullable()
      .default(null)
      .meta({ description: 'By way of what the host is reached; null: directly.' }),
    managedPaths: z
      .array(absolutePath)
      .min(1)
      .max(16)
      .refine((paths) => new Set(paths).size === paths.length, 'must not name a path twice')
      .meta({
        description: 'The client-CA bundles that Windlass switches. Every other file stays untouched.',
      }),
    nginxBinary: nginxBinary.default('nginx'),
    nginxArguments: words.default([]).meta({
      description: 'What nginx is always given there, word by word, such as ["-p", "/opt/nginx"].',
    }),
    reloadCommand: words.default([]).meta({
      description:
        'What reloads nginx there, word by word and without a shell; empty for SIGHUP to its master.',
    }),
    access: access.default('root').meta({
      description:
        'root: the user may do what the host program does. installed: an administrator ran what "windlass host installer" prints; then paths, nginx and reload are those that it was given.',
    }),
    probeTargets: z.array(NewProbeTarget).min(1).max(16),
  })
  .superRefine(fittingLogin)
  .meta({ id: 'NewHost' });

export const NewHosts = z
  .strictObject({
    hosts: z.array(NewHost).min(1).max(1_000).superRefine(noRepeats),
    knownHosts: knownHosts
      .optional()
      .meta({ description: 'Text of a known_hosts file for all hosts that bring no key themselves.' }),
  })
  .meta({ id: 'NewHosts', description: 'All of them are enrolled, or none.' });

export const OneOrMoreHosts = z.union([NewHost, NewHosts]);

export const ProbeTarget = z
  .object({ address: z.string(), port: z.int(), serverName: z.string().nullable(), path: z.string() })
  .meta({ id: 'ProbeTarget' });

const JumpHost = z
  .object({ address: z.string(), port: z.int(), user: z.string(), login, hostKey: z.string() })
  .meta({ id: 'JumpHost' });

export const Host = z
  .object({
    id,
    fleetId: id,
    name: z.string(),
    address: z.string(),
    port: z.int(),
    user: z.string(),
    login,
    hostKey: z.string(),
    jump: JumpHost.nullable(),
    managedPaths: z.array(z.string()),
    nginxBinary: z.string(),
    nginxArguments: z.array(z.string()),
    reloadCommand: z.array(z.string()),
    access,
    probeTargets: z.array(ProbeTarget),
    createdAt: timestamp,
    decommissionedAt: timestamp.nullable().meta({
      description: 'When the host was taken out of the fleet; no rotation counts it in from then on.',
    }),
    observed: ObservedHost.nullable().meta({
      description: 'By the last look for drift, or the last rotation; null: nobody ever looked.',
    }),
  })
  .meta({ id: 'Host' });

export const EnrolledHosts = z
  .object({ hosts: z.array(Host) })
  .meta({ id: 'EnrolledHosts', description: 'In the order in which they were given.' });

export const OneOrMoreEnrolled = z.union([Host, EnrolledHosts]);
export const HostPage = pageOf(Host);

export const HostQuery = z.strictObject({
  ...pageQuery,
  name: z.string().max(200).optional().meta({ description: 'Only the one of this name.' }),
});

type Named = { readonly name: string; readonly address: string; readonly port: number };

function noRepeats(hosts: readonly Named[], context: z.RefinementCtx): void {
  const seen = new Map<string, number>();
  const claim = (key: string, index: number, field: string, what: string) => {
    const first = seen.get(key);
    if (first === undefined) seen.set(key, index);
    else context.addIssue({ code: 'custom', path: [index, field], message: `${what} hosts[${first}] too` });
  };
  hosts.forEach((host, index) => {
    claim(`name ${host.name}`, index, 'name', 'is the name of');
    claim(`at ${host.address}:${host.port}`, index, 'address', 'is with this port the place of');
  });
}
