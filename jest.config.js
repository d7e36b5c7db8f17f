const { availableParallelism } = require('node:os');

// As in src/server.ts.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

/** @type {import('jest').Config} */
module.exports = {
  testMatch: ['<rootDir>/test/**/*.test.ts', '<rootDir>/packages/*/test/**/*.test.ts'],
  globalSetup: '<rootDir>/test/helpers/build.js',
  testEnvironment: '<rootDir>/test/helpers/environment.js',
  // Packages of this repository resolve to their TypeScript sources.
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  // The compiler checks types once, in `npm run types`. Tests are only transpiled.
  transform: {
    '^.+\\.ts$': ['ts-jest', { tsconfig: 'tsconfig.json' }],
    // jose consists of ES modules, which Jest cannot load.
    '/node_modules/jose/.+\\.js$': ['ts-jest', { tsconfig: { allowJs: true, module: 'commonjs' } }],
  },
  transformIgnorePatterns: ['/node_modules/(?!jose/)'],
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/packages/.*/dist', '<rootDir>/bench'],
  collectCoverageFrom: [
    'src/**/*.ts',
    '!src/**/*.d.ts',
    // The tests run these files in processes of their own, where Jest cannot count their lines.
    '!src/{index,lambda,server}.ts',
    '!src/cli/{findTable,logger,openInBrowser,version}.ts',
    '!src/lambda/{loopback,proxyResponse}.ts',
    '!src/dynamodb/transcoder/assembly/**',
    '!src/dynamodb/transcoder/wasmModule.ts',
  ],
  coverageThreshold: { global: { lines: 90, branches: 85 } },
  // Many tests wait for other processes, so one worker would leave the second core of a small machine idle.
  maxWorkers: Math.max(2, availableParallelism() - 1),
  // Tests start servers, child processes and a browser, which takes long on a slow machine.
  testTimeout: 30_000,
};
