export { MemoryDatabase } from './memory-database.js';
export { MemoryFleetStore } from './memory-fleet-store.js';
export { MemoryJournal } from './memory-journal.js';
export { MemoryObservationStore } from './memory-observation-store.js';
export { MemoryRotationStore } from './memory-rotation-store.js';
export { MemoryScheduleStore } from './memory-schedule-store.js';
export type {
  FleetRow,
  HostRow,
  LeaseRow,
  LockRow,
  NewFleet,
  NewHost,
  NewSchedule,
  RotationRow,
  ScheduleRow,
} from './rows.js';
