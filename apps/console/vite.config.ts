import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compressed } from './build/compressed.js';
import { usedStyles } from './build/used-styles.js';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const BUILT = here('../../dist/apps/console');

/** Built into dist/apps/console, from where the API serves it at /console/. */
export default defineConfig({
  root: here('.'),
  base: '/console/',
  plugins: [usedStyles(here('src')), react(), compressed(BUILT)],
  resolve: {
    conditions: ['windlass-source', 'module', 'browser', 'import', 'default'],
    // The pure core hashes, and a browser has no hash that answers at once.
    alias: { 'node:crypto': here('src/feed/node-crypto.ts') },
  },
  worker: { format: 'es' },
  build: {
    outDir: BUILT,
    emptyOutDir: true,
    // tools/setup/first-load.mjs counts by it.
    manifest: true,
    // Text that ends in a page as data: would need a policy that allows it.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
  },
  server: { proxy: { '/v1': process.env.WINDLASS_SERVER ?? 'http://127.0.0.1:8080' } },
});
