/**
 * Enforces the import directions of this repository (`npm run imports`). Type-only imports count too.
 *
 *   entry points (src/*.ts, src/cli) -> scan -> dynamodb -> transcoder
 *   src -> packages, never the other way round
 *
 * The tables below list, for each folder, the only other folders that it may import.
 * Options: https://github.com/sverweij/dependency-cruiser/blob/main/doc/rules-reference.md
 */

const PACKAGES = {
  'command-line': [],
  console: ['client', 'cors-policy'],
  'cors-policy': [],
  client: [],
  'scan-contract': [],
  'sam-template': ['cors-policy'],
  'sam-gateway': ['command-line', 'cors-policy', 'sam-template'],
  'cors-doctor': ['command-line', 'cors-policy', 'sam-template'],
};

/** The server's folders. src/server.ts, src/app.ts, src/lambda.ts and src/cli wire them: those may import everything. */
const SERVER = {
  'dynamodb/transcoder': [],
  dynamodb: ['dynamodb/transcoder'],
  csv: [],
  embedded: ['csv', 'dynamodb'],
  config: ['dynamodb', 'packages/command-line', 'packages/cors-policy'],
  http: ['config', 'packages/cors-policy'],
  auth: ['config', 'http'],
  cors: ['config', 'http', 'packages/cors-policy'],
  lambda: ['http'],
  'scan/request': ['config', 'dynamodb', 'http', 'packages/command-line'],
  'scan/access': ['scan/request', 'config', 'dynamodb', 'http'],
  'scan/read': ['scan/request', 'config', 'dynamodb', 'http'],
  'scan/formats': ['scan/request', 'config', 'csv', 'dynamodb', 'http'],
  'scan/respond': ['scan/request', 'scan/formats', 'config', 'dynamodb', 'http'],
  scan: ['config', 'csv', 'dynamodb', 'http', 'packages/command-line'],
  webConsole: ['config', 'http', 'packages/cors-policy'],
  tables: ['scan/access', 'config', 'dynamodb', 'http'],
  openapi: ['config', 'http', 'scan'],
  types: ['dynamodb'],
};

const OWN_CODE = '^(?:src|test|scripts|bench|packages)/';

function rule(name, comment, from, to) {
  return { name, comment, severity: 'error', from, to };
}

/** Allows the files of `folder` to import, of this repository's code, only `folder` itself and `allowed`. */
function allowOnly(name, folder, allowed) {
  const list = allowed.length === 0 ? 'nothing else' : `only ${allowed.join(', ')}`;
  return rule(
    name,
    `Of this repository's code, ${folder} imports ${list}.`,
    { path: `^${folder}/` },
    { path: OWN_CODE, pathNot: [folder, ...allowed].map((path) => `^${path}/`) },
  );
}

const packageRules = Object.entries(PACKAGES).map(([name, allowed]) =>
  allowOnly(
    `${name}-imports`,
    `packages/${name}/src`,
    allowed.map((other) => `packages/${other}/src`),
  ),
);

const serverFolder = (name) => (name.startsWith('packages/') ? `${name}/src` : `src/${name}`);

const serverRules = Object.entries(SERVER).map(([name, allowed]) =>
  allowOnly(`${name.replace('/', '-')}-imports`, serverFolder(name), allowed.map(serverFolder)),
);

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...packageRules,
    ...serverRules,
    rule(
      'packages-do-not-import-the-server',
      'Packages are useful without the server.',
      { path: '^packages/' },
      { path: '^src/' },
    ),
    rule(
      'sdk-only-in-dynamodb',
      'Only src/dynamodb imports the AWS SDK.',
      { path: '^(?:src|packages/[^/]+/src)/', pathNot: ['^src/dynamodb/'] },
      { path: ['^@aws-sdk/', 'node_modules/@aws-sdk/', '^@smithy/', 'node_modules/@smithy/'] },
    ),
    rule(
      'cors-only-in-cors',
      'Only src/cors sets CORS headers.',
      { path: '^src/', pathNot: ['^src/cors/'] },
      { path: 'node_modules/(?:@types/)?cors/' },
    ),
    rule(
      'no-dev-dependencies',
      'What runs needs no devDependency, except for types. The build puts those of the console into its page.',
      { path: '^(?:src|packages/[^/]+/src)/', pathNot: ['^packages/console/src/'] },
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: 'node_modules/@types/' },
    ),
    rule(
      'no-undeclared-dependencies',
      'A package declares what it imports in its own package.json.',
      { path: '^(?:src|packages/[^/]+/src)/' },
      { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    ),
    rule(
      'no-cycles',
      'Files that import each other, directly or through others, cannot be read one at a time.',
      { path: OWN_CODE },
      { circular: true },
    ),
    rule(
      'no-unresolved-imports',
      'The other rules do not see an import that does not resolve. The benchmark installs its own dependencies.',
      { pathNot: ['^bench/'] },
      { couldNotResolve: true },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(?:dist|packages/[^/]+/dist|bench/dist|src/dynamodb/transcoder/assembly)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    // As in tsconfig.base.json: packages of this repository resolve to their TypeScript sources.
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'require', 'node', 'default', 'types'],
    },
  },
};
