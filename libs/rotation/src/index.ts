export * from './effects.js';
export * from './events.js';
export * from './vocabulary.js';
