export { FAULT_NAMES, FAULTS, type FaultName } from './faults.js';
export * from './memory/index.js';
export { Random } from './random.js';
export { type SimulationOptions, type SimulationResult, simulate } from './simulate.js';
