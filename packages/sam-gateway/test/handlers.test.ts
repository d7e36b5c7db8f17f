import { startGateway, type TestGateway } from '../../../test/helpers/gateway';

let gateway: TestGateway;

afterEach(async () => {
  await gateway.close();
});

interface ServeOptions {
  runtime?: string;
  handler?: string;
  more?: string;
  resources?: string;
}

/** Starts a gateway for one function at /get, with its code in the directory `code`. */
async function serve(
  files: Record<string, string>,
  { runtime = 'nodejs20.x', handler = 'index.handler', more = '', resources = '' }: ServeOptions = {},
): Promise<void> {
  const template = `
Resources:
  Function:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: code
      Handler: ${handler}
      Runtime: ${runtime}
      Timeout: 10
      ${more}
      Events: { Get: { Type: Api, Properties: { Path: /get, Method: get } } }
${resources}`;
  gateway = await startGateway(template, { files });
}

/** Returns the status and the body of a response of the function. */
async function respond(): Promise<[number, string]> {
  const response = await fetch(`${gateway.url}/get`);
  return [response.status, await response.text()];
}

const OK = (body: string) => `{ statusCode: 200, body: ${body} }`;

describe('a handler', () => {
  it.each([
    ['returns a promise', `async () => (${OK(`'1'`)})`],
    ['calls back', `(event, context, callback) => callback(null, ${OK(`'1'`)})`],
    ['calls back later', `(event, context, callback) => { setTimeout(callback, 5, null, ${OK(`'1'`)}) }`],
    [
      'calls back twice',
      `(event, context, callback) => { callback(null, ${OK(`'1'`)}); callback(null, ${OK(`'2'`)}) }`,
    ],
    [
      'calls back, although its promise resolves',
      `async (event, context, callback) => { context.callbackWaitsForEmptyEventLoop = false; callback(null, ${OK(`'1'`)}); return ${OK(`'2'`)} }`,
    ],
    ['calls context.succeed', `(event, context) => context.succeed(${OK(`'1'`)})`],
    ['calls context.done', `(event, context) => { setTimeout(() => context.done(null, ${OK(`'1'`)}), 5) }`],
    ['calls context.succeed without its context', `(event, { succeed }) => succeed(${OK(`'1'`)})`],
    [
      'calls back with callbackWaitsForEmptyEventLoop set to false and a timer',
      `(event, context, callback) => { setInterval(() => {}, 1000); context.callbackWaitsForEmptyEventLoop = false; callback(null, ${OK(`'1'`)}) }`,
    ],
    [
      'returns a promise while a timer runs',
      `async () => { setInterval(() => {}, 1000); return ${OK(`'1'`)} }`,
    ],
  ])('that %s returns its result, twice', async (_what, handler) => {
    await serve({ 'code/index.js': `exports.handler = ${handler}` });
    expect(await respond()).toEqual([200, '1']);
    expect(await respond()).toEqual([200, '1']);
  });

  it.each([
    [
      'calls back with an error',
      `(event, context, callback) => callback(new Error('no table'))`,
      'Error: no table',
    ],
    ['calls back with text', `(event, context, callback) => callback('no table')`, 'Error: no table'],
    ['calls context.fail', `(event, context) => context.fail(new Error('no table'))`, 'Error: no table'],
    [
      'calls context.done with an error',
      `(event, context) => context.done(new Error('no table'))`,
      'Error: no table',
    ],
    ['throws', `() => { throw new TypeError('no table') }`, 'TypeError: no table'],
    ['never calls back', `(event, context, callback) => {}`, 'it is not a JSON object'],
    ['never resolves', `async () => new Promise(() => {})`, 'Runtime.NodeJsExit'],
    ['returns what JSON cannot express', `async () => ({ statusCode: 200, body: 1n })`, 'BigInt'],
    ['exits', `async () => process.exit(3)`, 'the process exited with 3'],
  ])('that %s causes a 502 with the reason in the log, twice', async (_what, handler, reason) => {
    await serve({ 'code/index.js': `exports.handler = ${handler}` });
    expect((await respond())[0]).toBe(502);
    expect(gateway.log.join('\n')).toContain(reason);
    expect((await respond())[0]).toBe(502);
  });

  it('that calls back waits for the empty event loop', async () => {
    const code = `exports.handler = (event, context, callback) => {
      const result = ${OK(`'early'`)};
      setTimeout(() => { result.body = 'late' }, 20);
      callback(null, result);
    }`;
    await serve({ 'code/index.js': code });
    expect(await respond()).toEqual([200, 'late']);
  });

  it('receives the context of Lambda', async () => {
    const code = `exports.handler = async (event, context) => (${OK('JSON.stringify({ ...context, milliseconds: context.getRemainingTimeInMillis() })')})`;
    await serve({ 'code/index.js': code });
    const context = JSON.parse((await respond())[1]) as Record<string, unknown>;
    expect(context).toMatchObject({
      callbackWaitsForEmptyEventLoop: true,
      functionName: 'Function',
      functionVersion: '$LATEST',
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:Function',
      logGroupName: '/aws/lambda/Function',
      memoryLimitInMB: '128',
    });
    expect(context.milliseconds).toBeLessThanOrEqual(10_000);
  });

  it('with a callback is rejected by nodejs24.x', async () => {
    const code = `exports.handler = (event, context, callback) => callback(null, ${OK(`'1'`)})`;
    await serve({ 'code/index.js': code }, { runtime: 'nodejs24.x' });
    expect((await respond())[0]).toBe(502);
    expect(gateway.log.join('\n')).toContain('Runtime.CallbackHandlerDeprecated');
  });
});

const CJS = (name: string) => `exports.handler = async () => (${OK(`'${name}'`)})`;
const ESM = (name: string) => `export const handler = async () => (${OK(`'${name}'`)})`;

describe('the file of a handler', () => {
  it.each([
    [
      'index.js before the others',
      { 'index.js': CJS('js'), 'index.mjs': ESM('mjs'), 'index.cjs': CJS('cjs') },
      'js',
    ],
    ['index.mjs before index.cjs', { 'index.mjs': ESM('mjs'), 'index.cjs': CJS('cjs') }, 'mjs'],
    ['index.cjs', { 'index.cjs': CJS('cjs') }, 'cjs'],
    ['a file without an extension', { index: CJS('plain'), 'index.js': CJS('js') }, 'plain'],
    [
      'index.js as an ES module with type module',
      { 'index.js': ESM('esm'), 'package.json': '{"type":"module"}' },
      'esm',
    ],
    [
      'index.js as CommonJS with type commonjs',
      { 'index.js': CJS('js'), 'package.json': '{"type":"commonjs"}' },
      'js',
    ],
    [
      'an ES module with top-level await',
      {
        'index.mjs': `const name = await Promise.resolve('tla'); export const handler = async () => (${OK('name')})`,
      },
      'tla',
    ],
    [
      'a CommonJS module that exports an object',
      { 'index.cjs': `module.exports = { handler: async () => (${OK(`'object'`)}) }` },
      'object',
    ],
  ])('is %s', async (_what, files, expected) => {
    await serve(Object.fromEntries(Object.entries(files).map(([name, text]) => [`code/${name}`, text])));
    expect(await respond()).toEqual([200, expected]);
  });

  it.each([
    ['src/handlers/get.run', 'src/handlers/get.js', `exports.run = async () => (${OK(`'1'`)})`],
    ['index.api.get', 'index.js', `exports.api = { get: async () => (${OK(`'1'`)}) }`],
    ['src.handler', 'src/index.js', CJS('1')],
    ['installed.handler', 'node_modules/installed/index.js', CJS('1')],
  ])('of %s is %s', async (handler, file, code) => {
    await serve({ [`code/${file}`]: code }, { handler });
    expect(await respond()).toEqual([200, '1']);
  });

  it.each([
    [
      'an export that does not exist',
      'index.other',
      'Runtime.HandlerNotFound: index.other is not an exported function',
    ],
    ['no export', 'index', 'Runtime.MalformedHandlerName'],
    ['a parent directory', '../index.handler', 'Runtime.MalformedHandlerName'],
  ])('with %s causes a 502', async (_what, handler, reason) => {
    await serve({ 'code/index.js': CJS('1') }, { handler });
    expect((await respond())[0]).toBe(502);
    expect([...gateway.log, ...gateway.notes].join('\n')).toContain(reason);
  });

  it('that is an ES module without the extension is rejected, as Lambda disables the detection', async () => {
    await serve({ 'code/index.js': ESM('1') }, { runtime: 'nodejs22.x' });
    expect((await respond())[0]).toBe(502);
    expect(gateway.log.join('\n')).toContain('Runtime.UserCodeSyntaxError');
  });

  it('that is an ES module with a syntax error causes a log line with the file and the line', async () => {
    await serve({ 'code/index.mjs': `const a = 1;\nsyntax error` });
    expect((await respond())[0]).toBe(502);
    expect(gateway.log.join('\n')).toMatch(/UserCodeSyntaxError: .* \(.*index\.mjs:2\)/);
  });
});

const LAYERS = `
  Shared: { Type: AWS::Serverless::LayerVersion, Properties: { ContentUri: layer } }
  Later: { Type: AWS::Lambda::LayerVersion, Properties: { Content: later } }`;

const LAYER_FILES = {
  'layer/nodejs/node_modules/greeting/index.js': `exports.greet = () => 'hello'`,
  'layer/nodejs/shared.js': `exports.name = 'first'`,
  'later/nodejs/shared.js': `exports.name = 'second'`,
  'later/nodejs/node_modules/modern/package.json': `{"name":"modern","exports":{"import":"./modern.mjs"}}`,
  'later/nodejs/node_modules/modern/modern.mjs': `export const name = 'modern'`,
};

describe('a layer', () => {
  const more = 'Layers: [!Ref Shared, !Ref Later]';

  it('provides packages and files to require, and the last layer wins', async () => {
    const code = `const { greet } = require('greeting'); const { name } = require('/opt/nodejs/shared');
      exports.handler = async () => (${OK(`greet() + ' ' + name`)})`;
    await serve({ ...LAYER_FILES, 'code/index.js': code }, { more, resources: LAYERS });
    expect(await respond()).toEqual([200, 'hello second']);
    expect(gateway.notes.join('\n')).toContain('Function: /opt exists only for require and import');
  });

  it('provides packages and files to import', async () => {
    const code = `import { greet } from 'greeting'; import { name } from '/opt/nodejs/shared.js'; import * as modern from 'modern';
      export const handler = async () => (${OK(`[greet(), name, modern.name].join(' ')`)})`;
    await serve({ ...LAYER_FILES, 'code/index.mjs': code }, { more, resources: LAYERS });
    expect(await respond()).toEqual([200, 'hello second modern']);
  });

  it.each([
    ['installed for sam build', { 'built/node_modules/greeting/index.js': `exports.greet = () => 'hello'` }],
    [
      'built by sam build',
      { 'built/nodejs/node_modules/greeting/index.js': `exports.greet = () => 'hello'` },
    ],
  ])('with a BuildMethod works when its packages are %s', async (_what, files) => {
    const resources = `
  Built:
    Type: AWS::Serverless::LayerVersion
    Metadata: { BuildMethod: nodejs20.x }
    Properties: { ContentUri: built }`;
    const code = `const { greet } = require('greeting'); exports.handler = async () => (${OK('greet()')})`;
    await serve({ ...files, 'code/index.js': code }, { more: 'Layers: [!Ref Built]', resources });
    expect(await respond()).toEqual([200, 'hello']);
    expect(gateway.notes.join('\n')).not.toContain('run sam build');
  });

  it('with a BuildMethod is named at the start when it is not built', async () => {
    const resources = `
  Built:
    Type: AWS::Serverless::LayerVersion
    Metadata: { BuildMethod: makefile }
    Properties: { ContentUri: built }`;
    await serve(
      { 'built/Makefile': '', 'code/index.js': CJS('1') },
      { more: 'Layers: [!Ref Built]', resources },
    );
    expect(gateway.notes.join('\n')).toContain('Function: Built has BuildMethod makefile: run sam build');
  });

  it('can have the handler', async () => {
    const files = { ...LAYER_FILES, 'code/other.js': '', 'layer/nodejs/wrapper.js': CJS('wrapped') };
    await serve(files, { more, resources: LAYERS, handler: '/opt/nodejs/wrapper.handler' });
    expect(await respond()).toEqual([200, 'wrapped']);
  });

  it('that is not on this machine is named at the start', async () => {
    await serve(
      { 'code/index.js': CJS('1') },
      { more: 'Layers: [arn:aws:lambda:us-east-1:1:layer:metrics:3]' },
    );
    expect(gateway.notes.join('\n')).toContain(
      'arn:aws:lambda:us-east-1:1:layer:metrics:3 is not on this machine',
    );
    expect(await respond()).toEqual([200, '1']);
  });
});

describe("the runtime's AWS SDK", () => {
  it.each([
    [
      'require',
      'index.js',
      `const { DynamoDBClient } = require('@aws-sdk/client-dynamodb'); exports.handler`,
    ],
    [
      'import',
      'index.mjs',
      `import { DynamoDBClient } from '@aws-sdk/client-dynamodb'; export const handler`,
    ],
  ])('is found by %s without being installed beside the function', async (_how, file, start) => {
    await serve({ [`code/${file}`]: `${start} = async () => (${OK('typeof DynamoDBClient')})` });
    expect(await respond()).toEqual([200, 'function']);
  });

  it.each([
    ['require', 'index.js', `require('@aws-sdk/client-not-installed'); exports.handler = 1`],
    ['import', 'index.mjs', `import '@aws-sdk/client-not-installed'; export const handler = 1`],
  ])('causes a 502 that says how to install what %s does not find', async (_how, file, code) => {
    await serve({ [`code/${file}`]: code });
    expect((await respond())[0]).toBe(502);
    expect(gateway.log.join('\n')).toContain('Run: npm install --save-dev @aws-sdk/client-not-installed');
  });

  it('brings no other package of the gateway', async () => {
    await serve({ 'code/index.js': `require('esbuild'); exports.handler = 1` });
    expect((await respond())[0]).toBe(502);
    expect(gateway.log.join('\n')).toContain("Runtime.ImportModuleError: Cannot find module 'esbuild'");
  });
});
