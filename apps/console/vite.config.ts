import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Built into dist/apps/console, from where the API serves it at /console/. */
export default defineConfig({
  root: here('.'),
  base: '/console/',
  plugins: [react()],
  resolve: {
    conditions: ['windlass-source', 'module', 'browser', 'import', 'default'],
    // The pure core hashes, and a browser has no hash that answers at once.
    alias: { 'node:crypto': here('src/feed/node-crypto.ts') },
  },
  worker: { format: 'es' },
  build: {
    outDir: here('../../dist/apps/console'),
    emptyOutDir: true,
    // Text that ends in a page as data: would need a policy that allows it.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
  },
  server: { proxy: { '/v1': process.env.WINDLASS_SERVER ?? 'http://127.0.0.1:8080' } },
});
