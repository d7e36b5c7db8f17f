import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGateway, type TestGateway } from '../../../test/helpers/gateway';
import { isOlderThanSources } from '../src/lambda/samBuild';

let gateway: TestGateway | undefined;

afterEach(async () => {
  await gateway?.close();
  gateway = undefined;
});

/** Starts a gateway for one function at /get. `metadata` and `properties` are lines of YAML. */
async function serve(
  files: Record<string, string>,
  properties: string,
  { metadata = '', type = 'AWS::Serverless::Function', runtime = 'nodejs20.x', resources = '' } = {},
): Promise<TestGateway> {
  const template = `
Resources:
  Function:
    Type: ${type}
    ${metadata === '' ? '' : `Metadata: ${metadata}`}
    Properties:
      Handler: index.handler
      Runtime: ${runtime}
      ${properties}
  Api: { Type: AWS::ApiGateway::RestApi, Properties: { Name: api } }
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      AuthorizationType: NONE
      Integration: { Type: AWS_PROXY, IntegrationHttpMethod: POST, Uri: !Sub "arn:aws:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${Function.Arn}/invocations" }
${resources}`;
  gateway = await startGateway(template, { files });
  return gateway;
}

async function respond({ url }: TestGateway): Promise<[number, string]> {
  const response = await fetch(url);
  return [response.status, await response.text()];
}

function code(body: string): string {
  return `exports.handler = async () => ({ statusCode: 200, body: ${JSON.stringify(body)} })`;
}

/** Returns what users see of a function that does not run. */
async function failureOf(broken: TestGateway) {
  const [status] = await respond(broken);
  return { status, notes: broken.notes.join('\n'), log: broken.log.join('\n') };
}

/** A 502 whose reason is in the startup notes and in the log. */
function failure(reason: string) {
  const containing: unknown = expect.stringContaining(reason);
  return { status: 502, notes: containing, log: containing };
}

const RAW = { type: 'AWS::Lambda::Function' };

describe('the code of a function', () => {
  it('is at CodeUri', async () => {
    const served = await serve({ 'src/index.js': code('1') }, 'CodeUri: src');
    expect(await respond(served)).toEqual([200, '1']);
  });

  it('is at Code, as the package command accepts it', async () => {
    const served = await serve({ 'src/index.js': code('1') }, 'Code: ./src', RAW);
    expect(await respond(served)).toEqual([200, '1']);
  });

  it('is in InlineCode, which wins over CodeUri', async () => {
    const served = await serve({}, `CodeUri: not-there\n      InlineCode: |\n        ${code('inline')}`);
    expect(await respond(served)).toEqual([200, 'inline']);
  });

  it('is in Code.ZipFile', async () => {
    const served = await serve({}, `Code:\n        ZipFile: |\n          ${code('inline')}`, RAW);
    expect(await respond(served)).toEqual([200, 'inline']);
  });

  it('is one file, without the files beside it', async () => {
    const files = {
      'src/index.js': `exports.handler = async () => ({ body: String(require('node:fs').readdirSync(__dirname)) })`,
      'src/other.js': '',
    };
    const served = await serve(files, 'CodeUri: src/index.js');
    expect(await respond(served)).toEqual([200, 'index.js']);
  });

  it('is the asset of a CDK app', async () => {
    const properties = 'Code: { S3Bucket: { "Fn::Sub": "cdk-assets-${AWS::AccountId}" }, S3Key: 1f0c.zip }';
    const metadata = '{ "aws:asset:path": asset.1f0c, "aws:asset:property": Code }';
    const served = await serve({ 'asset.1f0c/index.js': code('cdk') }, properties, { ...RAW, metadata });
    expect(await respond(served)).toEqual([200, 'cdk']);
  });

  it.each([
    ['a directory that does not exist', 'CodeUri: dist/', 'dist does not exist: build the code'],
    [
      'an archive',
      'CodeUri: code.zip',
      'code.zip is an archive, which the gateway does not unpack: run unzip ',
    ],
    ['a bucket', 'CodeUri: s3://bucket/code.zip', 'its code is at s3://bucket/code.zip, not on this machine'],
    ['a bucket and a key', 'CodeUri: { Bucket: b, Key: k }', 'its code is in Amazon S3, not on this machine'],
    ['a container image', 'PackageType: Image', 'container images do not run here'],
    [
      'a directory without the handler',
      'CodeUri: .',
      'the handler index.handler needs index.js, .mjs or .cjs in',
    ],
    [
      'TypeScript',
      'CodeUri: typescript',
      'compile the TypeScript source, or add Metadata with BuildMethod: esbuild',
    ],
  ])('causes a 502 if it is %s', async (_what, properties, reason) => {
    const files = { 'code.zip': 'PK', 'typescript/index.ts': 'export const handler = 1' };
    const served = await serve(files, properties);
    expect(await failureOf(served)).toEqual(failure(reason));
  });

  it('causes a 502 if its runtime is not Node.js', async () => {
    const served = await serve({ 'index.py': '' }, 'CodeUri: .', { runtime: 'python3.12' });
    expect(await failureOf(served)).toEqual(failure('runtime python3.12 is not supported, only nodejs'));
  });

  it('runs if its runtime is known only at deployment', async () => {
    const resources = 'Parameters: { Runtime: { Type: String } }';
    const served = await serve({ 'index.js': code('1') }, 'CodeUri: .', {
      runtime: '!Ref Runtime',
      resources,
    });
    expect(await respond(served)).toEqual([200, '1']);
  });

  it('notes dependencies that are not installed', async () => {
    const files = {
      'src/index.js': code('1'),
      'src/package.json': '{"dependencies":{"@aws-sdk/client-s3":"3","axios":"1"}}',
    };
    const served = await serve(files, 'CodeUri: src');
    expect(served.notes.join('\n')).toContain(
      'no node_modules has axios, a dependency of its package.json: run npm install in',
    );
    expect(await respond(served)).toEqual([200, '1']);
  });

  it('notes a package.json with type module that is not deployed', async () => {
    const esm = `export const handler = async () => ({ body: '1' })`;
    const served = await serve({ 'src/index.js': esm, 'package.json': '{"type":"module"}' }, 'CodeUri: src');
    expect(served.notes.join('\n')).toContain('index.js as CommonJS, because');
  });
});

describe('the output of sam build', () => {
  const BUILT = {
    '.aws-sam/build/template.yaml':
      'Resources: { Function: { Type: AWS::Serverless::Function, Properties: { CodeUri: Shared } } }',
    '.aws-sam/build/Shared/index.js': code('built'),
  };

  it('runs if the build method is not esbuild', async () => {
    const served = await serve({ ...BUILT, 'src/index.js': code('source') }, 'CodeUri: src', {
      metadata: '{ BuildMethod: makefile }',
    });
    expect(await respond(served)).toEqual([200, 'built']);
    expect(served.notes.join('\n')).toContain('Function: runs the output of sam build');
  });

  it('runs if the sources lack the handler', async () => {
    const served = await serve({ ...BUILT, 'src/index.ts': '' }, 'CodeUri: src');
    expect(await respond(served)).toEqual([200, 'built']);
  });

  it('runs if the dependencies are installed only there', async () => {
    const files = { 'src/index.js': code('source'), 'src/package.json': '{"dependencies":{"axios":"1"}}' };
    const served = await serve({ ...BUILT, ...files }, 'CodeUri: src');
    expect(await respond(served)).toEqual([200, 'built']);
  });

  it('does not run if the sources are complete', async () => {
    const served = await serve({ ...BUILT, 'src/index.js': code('source') }, 'CodeUri: src');
    expect(await respond(served)).toEqual([200, 'source']);
  });

  it('is necessary for makefiles', async () => {
    const served = await serve({ 'src/Makefile': '' }, 'CodeUri: src', {
      metadata: '{ BuildMethod: makefile }',
    });
    expect(await failureOf(served)).toEqual(
      failure('run sam build, because the gateway does not run BuildMethod makefile'),
    );
  });

  it('is built with esbuild already', async () => {
    const metadata = '{ BuildMethod: esbuild, BuildProperties: { EntryPoints: [index.ts] } }';
    const served = await serve({ 'Function/index.js': code('built') }, 'CodeUri: Function', { metadata });
    expect(await respond(served)).toEqual([200, 'built']);
  });
});

describe('isOlderThanSources', () => {
  it.each([
    ['a file that has changed since', 2000, true],
    ['a file that has not changed since', 500, false],
  ])('compares the time of sam build with %s', async (_what, seconds, expected) => {
    const root = await mkdtemp(join(tmpdir(), 'sam-build-'));
    try {
      await mkdir(join(root, '.aws-sam/build'), { recursive: true });
      await mkdir(join(root, 'src/deep'), { recursive: true });
      await mkdir(join(root, 'src/node_modules'));
      const times = {
        '.aws-sam/build/template.yaml': 1000,
        'src/deep/a.js': seconds,
        'src/node_modules/b.js': 3000,
      };
      for (const [name, time] of Object.entries(times)) {
        await writeFile(join(root, name), '');
        await utimes(join(root, name), time, time);
      }
      expect(await isOlderThanSources(root, join(root, 'src'))).toBe(expected);
    } finally {
      await rm(root, { recursive: true });
    }
  });
});
