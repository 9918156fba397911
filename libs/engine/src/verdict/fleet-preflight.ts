import { crlsIn, type Finding, type KnownMaterial, parseBundle } from '#trust';
import { askHosts } from '../inspection/ask-hosts.js';
import { type InspectedHost, inspectForPreflight } from '../inspection/inspected-host.js';
import { type HostTrustSetting, keyOf, verifierOn } from '../inspection/trust-settings.js';
import { verifiedBy } from '../inspection/verified-by.js';
import type { Ports } from '../perform/context.js';
import type { Fleet, HostRecord } from '../ports/fleet-store.js';
import type { HostOpenssl } from '../ports/host-gateway.js';
import type { Problem } from '../ports/problem.js';
import { noHosts } from '../rotation-request.js';
import { type PreflightClient, type PreflightReport, preflight, type TrustSetting } from './preflight.js';

export interface FleetPreflightQuestion {
  readonly fleetId: string;
  /** The bundle as it would lie on the hosts; null: the one that lies there. */
  readonly bundlePem: string | null;
  /** Beside the samples of the fleet. */
  readonly clients: readonly PreflightClient[];
  /** CA certificates to look for advice in, PEM. */
  readonly knownPem: string;
}

/** What a preflight found on one host. */
export interface HostReport {
  readonly hostId: string;
  readonly host: string;
  readonly findings: readonly Finding[];
  /** Null where there is none, and where the host could not be asked. */
  readonly openssl: HostOpenssl | null;
}

export interface FleetPreflightReport extends PreflightReport {
  readonly hosts: readonly HostReport[];
  readonly verifiedBy: readonly string[];
}

/** Asks the hosts of a fleet what their nginx would do with a bundle, and changes nothing on them. */
export class FleetPreflight {
  constructor(private readonly ports: Pick<Ports, 'fleets' | 'hosts' | 'verifier' | 'clock'>) {}

  /** Throws PortError `fleet.not-found`, `fleet.no-hosts`, and as the verifier does. */
  async ask({
    fleetId,
    bundlePem,
    clients,
    knownPem,
  }: FleetPreflightQuestion): Promise<FleetPreflightReport> {
    const { fleets, verifier, clock } = this.ports;
    const fleet = await fleets.fleet(fleetId);
    if (fleet.hosts.length === 0) throw noHosts(fleet);
    const bundle = bundlePem ?? fleet.generation.content;
    const inspected = await this.inspect(fleet, bundle);
    const settings = this.settings(inspected);
    const report = await preflight(verifier, {
      ...{ bundlePem: bundle, beforePem: bundlePem === null ? null : fleet.generation.content },
      ...{ settings, clients: [...samplesOf(fleet), ...clients] },
      ...{ known: knownOf(fleet, knownPem), now: clock.now() },
    });
    const hosts = inspected.map(reportOf);
    const blind = settings.length > 0 && report.outcomes.length === 0;
    return {
      ...{ ...report, hosts, findings: blind ? [...report.findings, NOBODY] : report.findings },
      verifiedBy: verifiedBy(settings.map(({ host, openssl }) => ({ host, openssl }))),
      passed: report.passed && hosts.every(({ findings }) => findings.every(isNoError)),
    };
  }

  private inspect(fleet: Fleet, bundlePem: string): Promise<readonly InspectedHost[]> {
    const { hosts, clock } = this.ports;
    const { revocation, generation } = fleet;
    const expected = { digest: generation.digest, revocation, now: clock.now() };
    return askHosts(fleet.hosts, (host) => inspectForPreflight(hosts, host, bundlePem, expected));
  }

  /** Every different one, asked of the first host that has it. */
  private settings(inspected: readonly InspectedHost[]): AskedSetting[] {
    const all = inspected.flatMap(({ host, settings }) => settings.map((setting) => ({ host, setting })));
    const kinds = new Map<string, typeof all>();
    for (const one of all) {
      const key = keyOf(one.setting);
      kinds.set(key, [...(kinds.get(key) ?? []), one]);
    }
    return [...kinds.values()].flatMap(([first, ...others]) =>
      first ? [this.asked(first.host, first.setting, others.length)] : [],
    );
  }

  private asked(host: HostRecord, setting: HostTrustSetting, others: number): AskedSetting {
    const { openssl = null, where, ...decides } = setting;
    return {
      ...{ ...decides, where: others > 0 ? `${where} (and ${others} more)` : where },
      ...{ host: host.name, openssl, verifier: verifierOn(host, setting, this.ports) },
    };
  }
}

interface AskedSetting extends TrustSetting {
  readonly host: string;
  readonly openssl: string | null;
}

const NOBODY: Finding = {
  ...{ code: 'preflight.no-clients', severity: 'warning' },
  message: 'no client was given and the fleet has no samples, so only bundle and hosts were judged',
  nextStep: 'record a sample client of every CA, or give some with the question',
};

function samplesOf({ samples }: Fleet): readonly PreflightClient[] {
  return samples.map(({ name, certificatePem, chainPem, expect }) => ({
    ...{ name, expect, certificatePem: `${certificatePem}\n${chainPem}` },
  }));
}

function knownOf({ generation, crlsPem }: Fleet, knownPem: string): KnownMaterial {
  const certificates = [generation.content, knownPem].flatMap((pem) => parseBundle(pem).certificates);
  const crls = [generation.content, crlsPem, knownPem].flatMap(crlsIn).map(({ pem }) => pem);
  return { certificates, crls };
}

function reportOf({ host, faults, warnings, openssl }: InspectedHost): HostReport {
  const findings = [...faults.map(findingOf('error')), ...warnings.map(findingOf('warning'))];
  return { hostId: host.id, host: host.name, findings, openssl };
}

function findingOf(severity: Finding['severity']): (problem: Problem) => Finding {
  return ({ code, message, nextStep, detail }) => ({
    ...{ code, severity, nextStep },
    message: detail === undefined ? message : `${message} (${detail})`,
  });
}

function isNoError({ severity }: Finding): boolean {
  return severity !== 'error';
}
