import type { RotationState } from '../state.js';
import { type HostView, hostViews } from '../status.js';
import type { Reason } from '../vocabulary.js';
import type { Failure } from './chronicle.js';
import { inline, some, table } from './markdown.js';

/** So many hosts have a line of their own. */
const MOST_HOSTS = 25;

/** Every host that something happened to; the others are counted. */
export function hostSection(state: RotationState, failures: readonly Failure[]): string {
  const failed = failuresByHost(failures);
  const views = hostViews(state);
  const usual = usualEnd(views);
  const odd = views.filter(
    (view) => failed.has(view.hostId) || view.reason !== null || endOf(view) !== usual,
  );
  const shown = odd.slice(0, MOST_HOSTS);
  const rows = shown.map((view) => [
    inline(view.name),
    String(state.snapshot.waves.findIndex((wave) => wave.includes(view.hostId))),
    view.step,
    view.serving,
    view.since,
    troubleOf(state.ended === null ? view.reason : null, failed.get(view.hostId) ?? []),
  ]);
  const lines = rows.length === 0 ? [] : [table(HEAD, rows), ''];
  return [...lines, restOf(views, odd, shown.length)].join('\n').trimEnd();
}

const HEAD = ['host', 'wave', 'got to', 'serves', 'since', 'what went wrong'];

function restOf(views: readonly HostView[], odd: readonly HostView[], shown: number): string {
  const hidden = odd.length - shown;
  const also = hidden > 0 ? [`${hidden} more hosts like these are left out.`] : [];
  const quiet = views.filter((view) => !odd.includes(view));
  const [one] = quiet;
  if (one === undefined) return also.join(' ');
  const which = odd.length === 0 ? `All ${quiet.length}` : `The other ${quiet.length}`;
  const names = quiet.map(({ name }) => inline(name));
  return [
    ...also,
    `${which} hosts: ${one.step}, serving ${one.serving}, nothing failed (${some(names)}).`,
  ].join(' ');
}

/** How most of them ended. */
function usualEnd(views: readonly HostView[]): string | undefined {
  const counts = new Map<string, number>();
  for (const view of views) counts.set(endOf(view), (counts.get(endOf(view)) ?? 0) + 1);
  return [...counts].toSorted(([, one], [, other]) => other - one)[0]?.[0];
}

function endOf({ step, serving }: HostView): string {
  return `${step} ${serving}`;
}

function failuresByHost(failures: readonly Failure[]): ReadonlyMap<string, readonly Failure[]> {
  const byHost = new Map<string, Failure[]>();
  for (const failure of failures) {
    const { effect } = failure;
    if (!('hostId' in effect)) continue;
    byHost.set(effect.hostId, [...(byHost.get(effect.hostId) ?? []), failure]);
  }
  return byHost;
}

function troubleOf(now: Reason | null, failures: readonly Failure[]): string {
  const counts = new Map<string, number>();
  for (const { effect, reason } of failures) {
    const what = `\`${effect.kind}\`: \`${reason.code}\``;
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  const told = [...counts].map(([what, count]) => (count > 1 ? `${what} (${count} times)` : what));
  return [...told, ...(now === null ? [] : [`now: ${inline(now.message)}`])].join('; ') || '-';
}
