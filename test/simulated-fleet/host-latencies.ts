import type { Quantiles } from './latencies.js';

/**
 * What four real hosts of test/kit took on two busy cores, in milliseconds, each alone and over an open channel:
 * `node dist/test/simulated-fleet/measure.js` finds them anew.
 */
export const HOST_LATENCIES: Readonly<Record<string, Quantiles>> = {
  observe: [84, 129, 155, 182, 278, 312],
  openssl: [177, 267, 308, 351, 436, 650],
  stage: [54, 95, 114, 134, 187, 344],
  commit: [137, 164, 176, 184, 227, 293],
  renew: [3, 6, 9, 12, 18, 42],
  confirm: [4, 13, 18, 21, 27, 46],
  revert: [164, 190, 209, 221, 269, 301],
  discard: [3, 10, 15, 20, 33, 42],
};
