import type { RotationStore } from '#engine';
import type { Installation } from '#installation';
import type { Timing } from '#rotation';

type Parts = Installation['parts'];

/** To be given to an installation as `alter`: rotations are recorded with other times than the usual minutes. */
export function withTiming(change: () => Partial<Timing>): (parts: Parts) => Parts {
  return (parts) => ({ ...parts, rotations: recordedWith(parts.rotations, change) });
}

function recordedWith(rotations: RotationStore, change: () => Partial<Timing>): RotationStore {
  const create: RotationStore['create'] = (rotation, event) => {
    if (event.type !== 'rotation.requested') return rotations.create(rotation, event);
    const timing = { ...event.snapshot.timing, ...change() };
    return rotations.create(rotation, { ...event, snapshot: { ...event.snapshot, timing } });
  };
  return new Proxy(rotations, {
    get: (target, name) => {
      if (name === 'create') return create;
      const member: unknown = Reflect.get(target, name);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}
