import { isIP } from 'node:net';
import { PortError } from '#engine';
import type { ProbeReach } from '#probe';
import { RequestFault } from '../http/request-fault.js';

interface Enrolling {
  readonly address: string;
  readonly probeTargets: readonly { readonly address: string; readonly port: number }[];
}

/**
 * Throws RequestFault `probe.not-allowed` for the first probe target that no worker would ask. Names are left to the
 * workers, whose DNS may be another one; so is what is enrolled with this very request.
 */
export async function refuseOutOfReach(
  reach: ProbeReach,
  hosts: readonly Enrolling[],
  pointerOf: (host: number) => string,
): Promise<void> {
  const enrolling = new Set(hosts.map(({ address }) => address));
  for (const [index, { probeTargets }] of hosts.entries()) {
    for (const [position, target] of probeTargets.entries()) {
      if (isIP(target.address) === 0 || enrolling.has(target.address)) continue;
      await reach.addressFor(target).catch((error: unknown) => {
        throw isNotAllowed(error)
          ? fault(error, `${pointerOf(index)}/probeTargets/${position}/address`)
          : error;
      });
    }
  }
}

function isNotAllowed(error: unknown): error is PortError {
  return error instanceof PortError && error.problem.code === 'probe.not-allowed';
}

function fault({ problem }: PortError, pointer: string): RequestFault {
  return new RequestFault('probe.not-allowed', problem.message, problem.nextStep, {
    errors: [
      { pointer, detail: 'is the address of no host that is enrolled, and in no range that is allowed' },
    ],
  });
}
