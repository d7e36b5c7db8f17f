/** The doctor's verdict about nested applications and definitions in other files. */
import { examineFile, samFile } from './templateFiles';

const POST = '{ Type: Api, Properties: { Path: /items, Method: post } }';

const nest = (location: string, more = '') =>
  samFile(`Shop: { Type: AWS::Serverless::Application, Properties: { Location: ${location}${more} } }`, '');

/** Has an error in SAM's Cors, in a raw method, and in an attribute. */
const INNER = samFile(
  `Raw: { Type: AWS::ApiGateway::RestApi, Properties: { Name: raw } }
  Stray: { Type: AWS::ApiGateway::Method, Properties: { RestApiId: !Ref Raw, ResourceId: other, HttpMethod: GET, AuthorizationType: NONE, Integration: { Type: MOCK } } }`,
  `E: ${POST}`,
).concat('    Events: {}\n');

describe('an error of a nested application', () => {
  const examine = () => examineFile(nest('shop/template.yaml'), { 'shop/template.yaml': INNER });

  it.each([
    ['of SAM', 'shop/template.yaml:5 Shop.Fn (sam-cors-missing)'],
    ['of the linter', 'shop/template.yaml:4 Shop.Stray (reachable)'],
    ['about an attribute', 'shop/template.yaml:5 Shop.Fn (resource-attributes)'],
  ])('%s has its file and line', async (_whose, place) => {
    const { code, output } = await examine();
    expect(output).toContain(place);
    expect(code).toBe(1);
  });

  it('is reported once, and with its file in JSON', async () => {
    const { output } = await examineFile(
      nest('shop/template.yaml'),
      { 'shop/template.yaml': INNER },
      '--json',
    );
    const { findings } = JSON.parse(output) as { findings: { ruleId: string; location: object }[] };
    expect(findings.filter(({ ruleId }) => ruleId === 'reachable')).toEqual([
      expect.objectContaining({ location: { file: 'shop/template.yaml', line: 4, resource: 'Shop.Stray' } }),
    ]);
  });

  it('has the path from the outermost template if applications are nested twice', async () => {
    const { output } = await examineFile(nest('a/one.yaml'), {
      'a/one.yaml': nest('../b/two.yaml'),
      'b/two.yaml': samFile('', `E: ${POST}`),
    });
    expect(output).toContain('b/two.yaml:3 Shop.Shop.Fn (sam-cors-missing)');
  });

  it('is found with the Globals of its own template', async () => {
    const cors = `Api: { Cors: { AllowHeaders: "'Content-Type'" } }`;
    const inner = samFile('', `E: ${POST}`);
    const outer = nest('shop.yaml').replace('Resources:', `Globals: { ${cors} }\nResources:`);
    expect((await examineFile(outer, { 'shop.yaml': inner })).code).toBe(1);
    const open = inner.replace('Resources:', `Globals: { ${cors} }\nResources:`);
    expect((await examineFile(nest('shop.yaml'), { 'shop.yaml': open })).code).toBe(0);
  });
});

describe('a nested application is not examined if', () => {
  it.each([
    [
      'it is the outermost template',
      nest('template.yaml'),
      { 'template.yaml': nest('template.yaml') },
      'Shop',
    ],
    [
      'a second file contains the first',
      nest('two.yaml'),
      { 'two.yaml': nest('template.yaml').replace('Shop', 'Back'), 'template.yaml': nest('two.yaml') },
      'Shop.Back',
    ],
    [
      'it contains itself in another directory',
      nest('a/t.yaml'),
      { 'a/t.yaml': nest('t.yaml') },
      'Shop.Shop',
    ],
  ])('%s', async (_when, template, files, logicalId) => {
    const { code, output } = await examineFile(template, files);
    expect(output.replace(/\s+/g, ' ')).toContain(`${logicalId}: its template`);
    expect(output.replace(/\s+/g, ' ')).toContain('is not examined: it contains itself');
    expect(code).toBe(2);
  });

  it.each([
    ['it cannot be read', {}, 'no file shop.yaml'],
    ['it is not YAML', { 'shop.yaml': 'a: b: c' }, 'it is not valid'],
    ['it has no resources', { 'shop.yaml': 'a: b' }, 'it has no Resources'],
  ])('%s, and the report says so', async (_when, files, reason) => {
    const { code, output } = await examineFile(nest('shop.yaml'), files);
    expect(output.replace(/\s+/g, ' ')).toContain('its template shop.yaml is not examined');
    expect(output.replace(/\s+/g, ' ')).toContain(reason);
    expect(code).toBe(2);
  });

  it('too many templates contain each other', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 12 }, (_value, at) => [`t${at}.yaml`, nest(`t${at + 1}.yaml`)]),
    );
    const { code, output } = await examineFile(nest('t0.yaml'), files);
    expect(output.replace(/\s+/g, ' ')).toContain('more than 8 templates contain each other');
    expect(code).toBe(2);
  });

  it('there are too many of them', async () => {
    const twelve = (file: string) =>
      `Transform: AWS::Serverless-2016-10-31\nResources:\n${Array.from({ length: 12 }, (_value, at) => `  N${at}: { Type: AWS::Serverless::Application, Properties: { Location: ${file} } }\n`).join('')}`;
    const { code, output } = await examineFile(twelve('a.yaml'), {
      'a.yaml': twelve('b.yaml'),
      'b.yaml': twelve('c.yaml'),
      'c.yaml': samFile('', ''),
    });
    expect(output.replace(/\s+/g, ' ')).toContain('there are more than 100 nested templates');
    expect(code).toBe(2);
  });
});

it('examines a nested application whose parameter has no value', async () => {
  const inner = samFile('', `E: ${POST.replace('/items', '!Ref Path')}`).replace(
    'Resources:',
    'Parameters: { Path: { Type: String } }\nResources:',
  );
  const { code, output } = await examineFile(nest('shop.yaml'), { 'shop.yaml': inner });
  expect(output.replace(/\s+/g, ' ')).toContain('Shop gives no value to the parameter Path');
  expect(output).not.toContain('--parameter');
  expect(code).toBe(2);
});

describe('functions in a definition', () => {
  const URI = (value: string) => `
openapi: 3.0.1
info: { title: t, version: '1' }
paths:
  /items:
    get:
      x-amazon-apigateway-integration: { type: aws_proxy, httpMethod: POST, uri: ${value} }
`;
  const SUB =
    "{ Fn::Sub: 'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations' }";
  const LITERAL =
    'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:1:function:Fn/invocations';
  const api = (type: string, definition: string) =>
    samFile(`Api: { Type: ${type}, Properties: { StageName: dev, ${definition} } }`, '');
  const byUri = api('AWS::Serverless::Api', 'DefinitionUri: api.yaml');

  it('are evaluated in a file of AWS::Include', async () => {
    const include =
      'DefinitionBody: { Fn::Transform: { Name: AWS::Include, Parameters: { Location: api.yaml } } }';
    const { code, output } = await examineFile(api('AWS::Serverless::Api', include), {
      'api.yaml': URI(SUB),
    });
    expect(output).toContain('GET     /dev/items');
    expect(code).toBe(0);
  });

  it('are an error in the URI of an integration in a file of DefinitionUri', async () => {
    const { code, output } = await examineFile(byUri, { 'api.yaml': URI(SUB) });
    expect(output).toContain('Api (definition-functions)');
    expect(output.replace(/\s+/g, ' ')).toContain('CloudFormation does not evaluate Fn::Sub in api.yaml');
    expect(code).toBe(1);
  });

  it.each([
    ['DefinitionUri of a REST API', byUri],
    ['DefinitionUri of an HTTP API', api('AWS::Serverless::HttpApi', 'DefinitionUri: api.yaml')],
    [
      'BodyS3Location',
      api('AWS::ApiGateway::RestApi', 'BodyS3Location: api.yaml').replace('StageName: dev, ', ''),
    ],
  ])('are not examined elsewhere in a file of %s', async (_property, template) => {
    const definition = URI(LITERAL).replace('title: t', 'title: !Ref AWS::StackName');
    const { code, output } = await examineFile(template, { 'api.yaml': definition });
    expect(output.replace(/\s+/g, ' ')).toContain('CloudFormation does not evaluate Ref in api.yaml');
    expect(code).toBe(2);
  });

  it.each([
    ['a stage variable', URI("!Sub 'arn:aws:apigateway:us-east-1:lambda:path/${stageVariables.F}'"), 2],
    [
      'a schema with a property named Ref',
      `${URI(LITERAL)}components: { schemas: { S: { properties: { Ref: { type: string } } } } }\n`,
      0,
    ],
  ])('are told from %s', async (_what, definition, expected) => {
    const { code, output } = await examineFile(byUri, { 'api.yaml': definition });
    expect(output).not.toContain('(references)');
    expect(code).toBe(expected);
  });

  it('are not examined if the file of a definition cannot be read', async () => {
    const { code, output } = await examineFile(byUri);
    expect(output.replace(/\s+/g, ' ')).toContain('api.yaml cannot be read: no file api.yaml');
    expect(code).toBe(2);
  });
});
