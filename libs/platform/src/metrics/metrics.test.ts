import { describe, expect, it } from 'vitest';
import type { Figures } from '#engine';
import { aFleet, figures, NOW } from './figures.fixture.js';
import { Metrics } from './metrics.js';
import { ALL_METRICS } from './metrics-in-markdown.js';

const shown = (...fleets: Parameters<typeof figures>) => new Metrics(async () => figures(...fleets)).text();
const FLEET = 'fleet="edge",fleet_id="0193a1c0-7b3e-7000-8000-000000000001"';

/** The lines of one metric, without its prefix and the labels that every metric of a fleet has. */
function linesOf(text: string, name: string): readonly string[] {
  const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
  return lines.map((line) => line.slice(name.length).replace(`${FLEET},`, '').replace(`{${FLEET}}`, ''));
}

describe('the metrics of an installation', () => {
  it('tell when each trust anchor ends, in seconds', async () => {
    const anchors = [{ subject: 'CN=Client CA', fingerprint: 'ab'.repeat(32), notAfter: NOW + 500 }];
    const text = await shown(aFleet({ trust: { anchors, crls: [] } }));
    expect(linesOf(text, 'windlass_client_ca_expiry_timestamp_seconds')).toEqual([
      `{ca="CN=Client CA",fingerprint="abababababababab"} ${(NOW + 500) / 1000}`,
    ]);
  });

  it('leave out what never happened, and a CRL without an end', async () => {
    const crls = [
      { issuer: 'CN=One', nextUpdate: null },
      { issuer: 'CN=Two', nextUpdate: NOW },
    ];
    const text = await shown(aFleet({ trust: { anchors: [], crls } }));
    expect(linesOf(text, 'windlass_crl_next_update_timestamp_seconds')).toEqual([
      `{ca="CN=Two"} ${NOW / 1000}`,
    ]);
    for (const name of ['last_rehearsal', 'last_rotated', 'last_drift_check']) {
      expect(linesOf(text, `windlass_fleet_${name}_timestamp_seconds`)).toEqual([]);
    }
    expect(linesOf(text, 'windlass_fleet_created_timestamp_seconds')).toEqual([` ${NOW / 1000 - 86_400}`]);
  });

  it('count hosts as the last look for drift found them, and those behind it as unchecked', async () => {
    const out = (['drifted', 'unknown'] as const).map((state) => ({
      ...{ state, hostId: state, host: state, problems: [] },
    }));
    const drift = { at: new Date(NOW).toISOString(), inSync: false, generation: 2, hosts: 4, out };
    const text = await shown(aFleet({ drift, hosts: { enrolled: 6, decommissioned: 1 } }));
    expect(linesOf(text, 'windlass_fleet_hosts')).toEqual([
      ...['{state="in_sync"} 2', '{state="drifted"} 1', '{state="unknown"} 1', '{state="unchecked"} 2'],
      '{state="decommissioned"} 1',
    ]);
  });

  it('count every outcome of rotations from zero, and tell which came last', async () => {
    const one = { fleetId: 'f', lastEndedAt: NOW - 1000 };
    const ended = [
      { ...one, status: 'succeeded', count: 7 } as const,
      { ...one, status: 'reverted', count: 2, lastEndedAt: NOW } as const,
    ];
    const text = await shown(aFleet({ ended }));
    expect(linesOf(text, 'windlass_rotations_total')).toEqual([
      ...['{outcome="succeeded"} 7', '{outcome="reverted"} 2', '{outcome="refused"} 0'],
      '{outcome="cancelled"} 0',
    ]);
    expect(linesOf(text, 'windlass_fleet_last_rotation_end_timestamp_seconds')).toEqual([
      `{outcome="reverted"} ${NOW / 1000}`,
    ]);
  });

  it('name each reason of a block, and one whose journal cannot be read as unknown', async () => {
    const row = { rotationId: 'r', fleetId: 'f', phase: 'expand', version: 3, requestedAt: NOW } as const;
    const blocked = (blockedBy: readonly string[]) =>
      shown(aFleet({ active: { ...row, status: 'blocked', blockedBy, oldCaClients: 2 } }));
    const text = await blocked(['host.unreachable', 'ca.sealed']);
    const name = 'windlass_rotation_blocked';
    expect(linesOf(text, name)).toEqual(['{code="host.unreachable"} 1', '{code="ca.sealed"} 1']);
    expect(linesOf(await blocked([]), name)).toEqual(['{code="unknown"} 1']);
    expect(linesOf(text, 'windlass_old_ca_clients')).toEqual([' 2']);
    expect(linesOf(text, 'windlass_rotation_active')).toEqual(['{status="blocked",phase="expand"} 1']);
  });

  it('forget what is no longer so', async () => {
    const all = [figures(aFleet({ lastRotatedAt: NOW })), figures()];
    let now = NOW;
    const metrics = new Metrics(
      async () => all.shift() as Figures,
      () => now,
    );
    expect(await metrics.text()).toContain('windlass_fleet_last_rotated_timestamp_seconds{');
    now += 60_000;
    expect(await metrics.text()).not.toContain('fleet="edge"');
  });

  it('are read once for those who ask at once or soon, and anew after a failure', async () => {
    let reads = 0;
    let now = NOW;
    let broken = true;
    const metrics = new Metrics(
      async () => {
        reads += 1;
        if (broken) throw new Error('the database is away');
        return figures();
      },
      () => now,
    );
    await expect(metrics.text()).rejects.toThrow('away');
    broken = false;
    await Promise.all([metrics.text(), metrics.text(), metrics.text()]);
    expect(reads).toBe(2);
    now += 5_000;
    await metrics.text();
    expect(reads).toBe(3);
  });
});

describe('the metrics of a process', () => {
  it('count what it did, and tell nothing of the installation where it does not read it', async () => {
    const metrics = new Metrics();
    metrics.measure({ kind: 'phase-ended', strategy: 'overlap', phase: 'expand', seconds: 3 });
    metrics.measure({ kind: 'rotation-ended', strategy: 'overlap', outcome: 'reverted', seconds: 30 });
    metrics.measure({ kind: 'wave-switched', transition: 'expand', seconds: 0.2 });
    metrics.measure({ kind: 'effect-ended', effect: 'host.commit', outcome: 'failed', seconds: 1 });
    metrics.measure({ kind: 'effect-failed', effect: 'host.commit', code: 'host.unreachable' });
    metrics.measure({ kind: 'port-failed', port: 'host', code: 'host.unreachable' });
    metrics.measure({ kind: 'port-failed', port: 'ca', code: 'ca.sealed' });
    metrics.measure({ kind: 'probed', answer: 'refused' });
    const text = await metrics.text();
    for (const line of [
      'windlass_phase_duration_seconds_sum{strategy="overlap",phase="expand"} 3',
      'windlass_rotation_duration_seconds_count{strategy="overlap",outcome="reverted"} 1',
      'windlass_wave_skew_seconds_bucket{le="0.25",transition="expand"} 1',
      'windlass_effect_duration_seconds_count{effect="host.commit",outcome="failed"} 1',
      'windlass_effect_failures_total{effect="host.commit",code="host.unreachable"} 1',
      'windlass_host_errors_total{code="host.unreachable"} 1',
      'windlass_ca_errors_total{code="ca.sealed"} 1',
      'windlass_probes_total{answer="refused"} 1',
      'windlass_probes_total{answer="none"} 0',
    ]) {
      expect(text.split('\n')).toContain(line);
    }
    expect(text).toContain('process_cpu_seconds_total');
    expect(text).not.toContain('windlass_client_ca');
  });
});

describe('every metric', () => {
  it('is named as Prometheus wants it: base units, and _total for counters alone', () => {
    for (const { name, type } of ALL_METRICS) {
      expect(name).toMatch(/^windlass_[a-z_]+$/);
      expect(name.endsWith('_total')).toBe(type === 'counter');
      expect(name).not.toMatch(/_(ms|milliseconds|minutes|hours|days)(_|$)/);
      if (type === 'histogram') expect(name).toMatch(/_seconds$/);
    }
    expect(new Set(ALL_METRICS.map(({ name }) => name)).size).toBe(ALL_METRICS.length);
  });

  it('has no label that grows with hosts, rotations or clients', () => {
    const labels = new Set(ALL_METRICS.flatMap(({ labels: own }) => own));
    for (const label of ['host', 'host_id', 'rotation', 'rotation_id', 'client', 'serial']) {
      expect(labels.has(label)).toBe(false);
    }
  });
});
