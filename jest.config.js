// As in src/server.ts.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

/** @type {import('jest').Config} */
module.exports = {
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testEnvironment: '<rootDir>/test/helpers/environment.js',
  // Types are checked once, by `tsc --noEmit` in `npm run check`; here files are only transpiled.
  transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: 'tsconfig.json' }] },
  // Servers, child processes and a browser start inside tests; slow machines need the room.
  testTimeout: 30_000,
};
