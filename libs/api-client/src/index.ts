export { type ApiClient, type Connection, connect } from './client.js';
export { ApiProblem, type Problem } from './problem.js';
export type { components, operations, paths } from './schema.js';
