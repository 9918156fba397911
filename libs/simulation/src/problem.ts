import { PortError } from '#engine';

/** What a simulated part reports, as a real one would. */
export function problem(code: string, message: string, transient = false): PortError {
  return new PortError(
    { code, message: `${message}.`, nextStep: 'Look at the simulated host.' },
    { transient },
  );
}
