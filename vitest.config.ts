import { defineConfig } from 'vitest/config';

const conditions = ['windlass-source', 'node'];

/** They wait more than they work, so two of their files share two cores well. */
const sideBySide = { maxWorkers: 2 };
const onRealParts = { testTimeout: 180_000, hookTimeout: 180_000 };

/** The host script against one real host after another, with every kind of shell and server. */
const ON_ONE_HOST = 'test/fleet/host-gateway-*.test.ts';

/** The kinds of test that docs/testing.md describes: unit and simulation beside the code, conformance for ports, the rest on real parts. */
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    reporters: ['default'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{apps,libs,tools,migrations}/**/*.test.ts'],
          exclude: ['**/node_modules/**', 'libs/simulation/**'],
          // On a busy machine five seconds are no sign of anything.
          testTimeout: 60_000,
          ...sideBySide,
        },
      },
      {
        extends: true,
        test: { name: 'simulation', include: ['libs/simulation/**/*.test.ts'], testTimeout: 60_000 },
      },
      {
        extends: true,
        test: {
          name: 'conformance',
          include: ['test/conformance/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          ...sideBySide,
        },
      },
      {
        extends: true,
        test: {
          name: 'fleet',
          include: ['test/{fleet,e2e}/**/*.test.ts'],
          exclude: [ON_ONE_HOST],
          ...onRealParts,
          ...sideBySide,
        },
      },
      {
        extends: true,
        test: { name: 'hosts', include: [ON_ONE_HOST], ...onRealParts, ...sideBySide },
      },
      {
        extends: true,
        test: { name: 'browser', include: ['test/browser/**/*.test.ts'], ...onRealParts, ...sideBySide },
      },
      {
        extends: true,
        test: { name: 'peers', include: ['test/peers/**/*.test.ts'], ...onRealParts, ...sideBySide },
      },
      {
        extends: true,
        test: { name: 'runbooks', include: ['test/runbooks/**/*.test.ts'], ...onRealParts, ...sideBySide },
      },
      {
        extends: true,
        test: {
          name: 'faults',
          include: ['test/faults/**/*.test.ts'],
          ...onRealParts,
          // What they do to a path or a clock must find the machine as it is.
          fileParallelism: false,
        },
      },
    ],
  },
});
