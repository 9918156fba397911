import { z } from 'zod';
import { PINNABLE, pinnedHostKey } from '#host';

/** How to come by the key, for everybody who sent something else. */
const HOST_KEY_HELP =
  'must be an Ed25519 or ECDSA public key, as this prints: ssh-keyscan -t ed25519 HOST | cut -d" " -f2-';

const hostKey = z
  .string()
  .max(2_000)
  .transform((text, context) => {
    const pinned = pinnedHostKey(text);
    if (pinned === null) context.addIssue({ code: 'custom', message: HOST_KEY_HELP });
    return pinned ?? z.NEVER;
  })
  .meta({
    description:
      'Public key of the host, in the form of OpenSSH. Any other key is refused before we log in. In its place, knownHosts.',
    examples: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDPj+pCKz6lnnGvueARL6OmtTTRyCEp3jgTV/WixbpD/'],
  });

/** For one host in one of many, its reading has to stay short. */
export const knownHosts = z
  .string()
  .max(512 * 1024)
  .meta({
    description:
      'Text of a known_hosts file, in place of hostKey: the line is taken that names address and port, hashed or not.',
    examples: [
      'edge-1.example ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDPj+pCKz6lnnGvueARL6OmtTTRyCEp3jgTV/WixbpD/',
    ],
  });

/** Where the key of a server comes from: one of the first two, which `pinHostKeys` checks. */
export const hostKeyFields = {
  hostKey: hostKey.optional(),
  knownHosts: knownHosts.optional(),
  hostKeyAlgorithm: z
    .enum(PINNABLE)
    .optional()
    .meta({ description: 'Which key of known_hosts is pinned; needed where there are several types.' }),
};

export interface GivenHostKey {
  readonly hostKey?: string | undefined;
  readonly knownHosts?: string | undefined;
  readonly hostKeyAlgorithm?: (typeof PINNABLE)[number] | undefined;
}
