/** Nested applications with a local template, as the gateway serves them. */
import { startGateway } from '../../../test/helpers/gateway';

const code = (name: string) =>
  `exports.handler = async () => ({ statusCode: 200, body: '${name} ' + process.env.TABLE })`;

const application = (stage: string, more = '') => `
Transform: AWS::Serverless-2016-10-31
Parameters: { Table: { Type: String, Default: ${stage}-table } }
Resources:
  Api: { Type: AWS::Serverless::Api, Properties: { StageName: ${stage} } }
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Handler: index.handler
      Runtime: nodejs20.x
      CodeUri: src/
      Environment: { Variables: { TABLE: !Ref Table } }
      Events: { Get: { Type: Api, Properties: { RestApiId: !Ref Api, Path: /name, Method: get } } }
${more}`;

const nest = (location: string) =>
  `  Shop: { Type: AWS::Serverless::Application, Properties: { Location: ${location}, Parameters: { Table: orders } } }\n`;

async function textOf(url: string): Promise<string> {
  return (await fetch(url)).text();
}

it('calls the function of the nested application, although an outer function has the same name', async () => {
  const gateway = await startGateway(application('outer', nest('shop/template.yaml')), {
    files: {
      'shop/template.yaml': application('inner'),
      'src/index.js': code('outer'),
      'shop/src/index.js': code('inner'),
    },
  });
  try {
    expect(await textOf(`${gateway.origin}/outer/name`)).toBe('outer outer-table');
    expect(await textOf(`${gateway.origin}/inner/name`)).toBe('inner orders');
    expect(gateway.notes).toEqual([]);
  } finally {
    await gateway.close();
  }
});

it('serves applications that are nested twice', async () => {
  const gateway = await startGateway(application('outer', nest('a/template.yaml')), {
    files: {
      'a/template.yaml': application('middle', nest('../b/template.yaml')),
      'b/template.yaml': application('inner'),
      'src/index.js': code('outer'),
      'a/src/index.js': code('middle'),
      'b/src/index.js': code('inner'),
    },
  });
  try {
    expect(await textOf(`${gateway.origin}/middle/name`)).toBe('middle orders');
    expect(await textOf(`${gateway.origin}/inner/name`)).toBe('inner orders');
  } finally {
    await gateway.close();
  }
});

it('runs the output of sam build for a function of a nested application', async () => {
  const built = application('inner').replace('src/', 'Fn');
  const gateway = await startGateway(application('outer', nest('shop/template.yaml')), {
    files: {
      'shop/template.yaml': application('inner').replace(
        '    Type: AWS::Serverless::Function',
        '    Type: AWS::Serverless::Function\n    Metadata: { BuildMethod: makefile }',
      ),
      'src/index.js': code('outer'),
      'shop/src/Makefile': '',
      '.aws-sam/build/template.yaml': application('outer', nest('Shop/template.yaml')),
      '.aws-sam/build/Shop/template.yaml': built,
      '.aws-sam/build/Shop/Fn/index.js': code('built'),
    },
  });
  try {
    expect(await textOf(`${gateway.origin}/inner/name`)).toBe('built orders');
  } finally {
    await gateway.close();
  }
});

it('names a nested application that contains itself', async () => {
  const gateway = await startGateway(application('outer', nest('template.yaml')), {
    files: { 'template.yaml': application('outer', nest('template.yaml')), 'src/index.js': code('outer') },
  });
  try {
    expect(await textOf(`${gateway.origin}/outer/name`)).toBe('outer outer-table');
    expect(gateway.notes.join()).toContain('it contains itself');
  } finally {
    await gateway.close();
  }
});
