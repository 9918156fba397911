import { readFileSync } from 'node:fs';
import path from 'node:path';
import { stringify } from 'yaml';
import { OpensslChainVerifier } from '#certificates';
import { PortError, type PreflightClient, preflight, type TrustSetting } from '#engine';
import { type Finding, parseBundle } from '#trust';
import { type ConfigReading, readConfig } from './nginx-config.js';
import { PREFLIGHT_USAGE, type PreflightOptions, preflightOptions } from './options.js';
import { reportJson, reportLines } from './report.js';

/** Returns the exit code: 0 when all is well, 1 when it is not, 2 when it could not be asked. */
export async function preflightCommand(
  args: readonly string[],
  print: (line: string) => void,
  complain: (line: string) => void,
): Promise<number> {
  try {
    const options = preflightOptions(args);
    if (options === null) {
      print(PREFLIGHT_USAGE);
      return 0;
    }
    return await run(options, print);
  } catch (error) {
    if (error instanceof PortError)
      complain(`windlass preflight: ${error.problem.message}\n  next: ${error.problem.nextStep}`);
    else if (error instanceof RangeError) complain(`windlass preflight: ${error.message}`);
    else if (error instanceof TypeError)
      complain(`windlass preflight: ${error.message}\n\n${PREFLIGHT_USAGE}`);
    else throw error;
    return 2;
  }
}

async function run(options: PreflightOptions, print: (line: string) => void): Promise<number> {
  const bundlePem = readText(options.bundle);
  const reading =
    options.config === null ? null : await readConfig(options.nginx, options.config, options.bundle);
  const report = await preflight(OpensslChainVerifier.local({ binary: options.openssl }), {
    ...{ bundlePem, now: Date.now() },
    beforePem: options.before === null ? null : readText(options.before),
    settings: reading === null ? [given(options)] : settingsOf(reading),
    clients: [...clients(options.clients, 'accepted'), ...clients(options.refused, 'refused')],
    known: {
      certificates: options.known.flatMap((file) => [...parseBundle(readText(file)).certificates]),
      crls: [],
    },
  });
  const config = reading === null ? [] : configFindings(reading);
  const whole = {
    ...report,
    findings: [...config, ...report.findings],
    passed: report.passed && config.every(({ severity }) => severity !== 'error'),
  };
  if (options.format === 'table') for (const line of reportLines(whole)) print(line);
  else if (options.format === 'json') print(reportJson(whole));
  else print(stringify(JSON.parse(reportJson(whole)), { aliasDuplicateObjects: false }).trimEnd());
  return whole.passed ? 0 : 1;
}

function given({ depth, trusted, crl }: PreflightOptions): TrustSetting {
  return {
    ...{ where: `depth ${depth}`, depth, trustedPem: trusted === null ? '' : readText(trusted) },
    crlPem: crl === null ? '' : readText(crl),
  };
}

function settingsOf({ servers, nginxVersion }: ConfigReading): TrustSetting[] {
  return servers.map(
    ({ file, line, verifyDepth, securityLevel, trustedCertificate, crl, clientCertificate }) => ({
      // The file that the bundle is tried for may hold its CRLs as well.
      ...{
        where: `${file}:${line}`,
        depth: verifyDepth,
        nginxVersion,
        crlManaged: crl !== null && crl === clientCertificate,
      },
      ...(securityLevel === null ? {} : { securityLevel }),
      trustedPem: trustedCertificate === null ? '' : readText(trustedCertificate),
      crlPem: crl === null || crl === clientCertificate ? '' : readText(crl),
    }),
  );
}

function configFindings({ complaint, notTried, servers }: ConfigReading): readonly Finding[] {
  const loose = servers.filter(({ verifyClient }) => verifyClient !== 'on');
  return [
    ...(complaint === null
      ? []
      : [
          finding(
            'error',
            'config.test-failed',
            `nginx -t fails with this bundle: ${complaint}`,
            'mend the bundle: nginx would keep its old one, and not start again',
          ),
        ]),
    ...(notTried === null
      ? []
      : [
          finding(
            'error',
            'config.not-tried',
            `nginx -t was not run with this bundle: ${notTried}`,
            'run it as root, or leave --config out',
          ),
        ]),
    ...loose.map(({ file, line, verifyClient }) =>
      finding(
        'warning',
        'config.not-required',
        `the server at ${file}:${line} has ssl_verify_client ${verifyClient}: it lets strangers in unless the configuration looks at $ssl_client_verify`,
        'set ssl_verify_client on',
      ),
    ),
  ];
}

function finding(severity: Finding['severity'], code: string, message: string, nextStep: string): Finding {
  return { severity, code, message, nextStep };
}

function clients(files: readonly string[], expect: PreflightClient['expect']): readonly PreflightClient[] {
  return files.map((file) => ({ name: path.basename(file), certificatePem: readText(file), expect }));
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new RangeError(`${file} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}
