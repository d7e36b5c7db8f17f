/** Builds the page into dist. The server sends it with a policy that allows only files of its own origin. */
import { defineConfig } from 'vite';

export default defineConfig({
  // Paths relative to the page work behind a path prefix too.
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  resolve: { conditions: ['source', 'module', 'browser', 'production'] },
  build: {
    target: 'es2022',
    cssTarget: ['chrome125', 'firefox125', 'safari18'],
    // The server's content security policy does not allow data: URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  // For `npm run dev -w packages/console`, beside a server on its default port.
  server: {
    proxy: Object.fromEntries(
      ['/scanRecords', '/tables', '/console'].map((path) => [path, 'http://localhost:3000']),
    ),
  },
});
