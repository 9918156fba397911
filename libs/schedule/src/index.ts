export { type Contradiction, contradictions } from './contradictions.js';
export { isCron, nextCron } from './cron.js';
export * from './decide.js';
export { type DueRule, dueAt, isDueAtBirth, ruleInWords, type Validity } from './due.js';
export { type Expecting, expectedStart } from './expected-start.js';
export { type ExplainedSchedule, explainSchedule, suspensionInWords } from './explain-schedule.js';
export { isTimeZone, onTheWall } from './time-zone.js';
export { jitterOf, nextTick, openingTick, type Timetable } from './timetable.js';
export {
  DAYS,
  type Day,
  lengthOf,
  type MaintenanceWindow,
  nextWindow,
  openings,
  type Span,
  windowAt,
} from './windows.js';
