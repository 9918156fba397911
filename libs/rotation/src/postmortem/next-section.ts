import type { RotationState } from '../state.js';
import { blocksOf, hostsInTheWay, isHeld, statusOf } from '../status.js';
import type { Reason, RotationSnapshot } from '../vocabulary.js';
import type { Failure } from './chronicle.js';
import { inline } from './markdown.js';

/** What a person has to do now, and what would have prevented it; the commands are those of `windlass`. */
export function nextSection(state: RotationState, failures: readonly Failure[]): string {
  const { snapshot, ended, paused } = state;
  const { rotationId } = snapshot;
  const steps = [
    ...advices(openReasons(state)),
    ...(ended === null ? advices(blocksOf(state).map(({ reason }) => reason)) : []),
    ...hostsInTheWay(state).map(
      (id) =>
        `If ${nameOf(snapshot, id)} never comes back: \`windlass decommission ${rotationId} ${nameOf(snapshot, id)} --reason TEXT\``,
    ),
    ...(isHeld(state) && paused ? [`When that is done: \`windlass resume ${rotationId}\``] : []),
    ...(ended !== null && ended.status !== 'succeeded' ? advices(failures.map(({ reason }) => reason)) : []),
    ...(ended !== null && ended.status !== 'succeeded'
      ? [`Then start it again: \`windlass ${startOf(snapshot)} --watch\``]
      : []),
    ...(state.decommissioned.size > 0
      ? [
          `Hosts that were given up join again when they are enrolled anew: \`windlass host remove\`, \`windlass host add\`, then \`windlass rotate ${snapshot.fleetName} --strategy sync\``,
        ]
      : []),
  ];
  const list = [...new Set(steps)].map((step) => `- [ ] ${step}`);
  if (list.length > 0) return list.join('\n');
  return statusOf(state) === 'succeeded' ? 'Nothing.' : 'Nothing: it goes on by itself.';
}

/** Names of fleets and hosts need no quotes in a shell. */
function startOf({ fleetName, strategy, otherFleets, distrusted = [] }: RotationSnapshot): string {
  const together = otherFleets.map((fleet) => ` --with ${fleet.fleetName}`).join('');
  if (strategy === 'replace') return `replace ${fleetName} --bundle FILE`;
  if (strategy === 'distrust') return `distrust ${fleetName} --anchors ${distrusted.join(',')}${together}`;
  return `rotate ${fleetName} --strategy ${strategy}${together}`;
}

function nameOf({ hostNames }: RotationSnapshot, hostId: string): string {
  return hostNames[hostId] ?? hostId;
}

function openReasons(state: RotationState): readonly Reason[] {
  return isHeld(state) && state.paused ? [state.paused.reason] : [];
}

function advices(reasons: readonly Reason[]): readonly string[] {
  return reasons.map(({ code, nextStep }) => `\`${code}\`: ${inline(nextStep)}`);
}
