/** Parts of a template that a transform or a loop creates at deployment: nothing false is said of them. */
import { examineFile, samFile } from './templateFiles';

const INCLUDE = "'Fn::Transform': { Name: AWS::Include, Parameters: { Location: s3://bucket/part.yaml } }";
const LOOP = "'Fn::ForEach::Loop': [Name, !Ref Names, { 'Key${Name}': text }]";

const POST = 'Type: Api, Properties: { Path: /items, Method: post }';
const CORS = `Cors: { AllowOrigin: "'*'", AllowHeaders: "'*'", AllowMethods: "'*'" }`;
const API = 'Api: { Type: AWS::Serverless::Api, Properties: { StageName: dev';
const RAW_METHOD =
  'RestApiId: !Ref Raw, ResourceId: !GetAtt Raw.RootResourceId, HttpMethod: OPTIONS, AuthorizationType: NONE';
const RAW_API = `Raw: { Type: AWS::ApiGateway::RestApi, Properties: { Name: raw } }
  Deployment: { Type: AWS::ApiGateway::Deployment, DependsOn: [Options], Properties: { RestApiId: !Ref Raw, StageName: v1 } }`;

/** Templates with a place for a part. */
const PLACES: [place: string, template: (part: string) => string][] = [
  ['the events', (part) => samFile('', part, `Api: { ${CORS} }`)],
  ['other events', (part) => samFile('', `Post: { ${POST} }, ${part}`, `Api: { ${CORS} }`)],
  ['other events of an API without Cors', (part) => samFile('', `Post: { ${POST} }, ${part}`)],
  ['an event', (part) => samFile('', `Post: { ${part} }`, `Api: { ${CORS} }`)],
  [
    'the properties of an event',
    (part) => samFile('', `Post: { Type: Api, Properties: { ${part} } }`, `Api: { ${CORS} }`),
  ],
  [
    'the auth of an event',
    (part) =>
      samFile(
        '',
        `Post: { Type: HttpApi, Properties: { Path: /, Method: post, Auth: { ${part} } } }`,
        'HttpApi: { CorsConfiguration: true }',
      ),
  ],
  [
    'the properties of a function',
    (part) =>
      samFile(`Other: { Type: AWS::Serverless::Function, Properties: { ${part} } }`, `Post: { ${POST} }`),
  ],
  [
    'the properties of an API',
    (part) =>
      samFile(
        `${API}, ${part} } }`,
        `Post: { Type: Api, Properties: { RestApiId: !Ref Api, Path: /, Method: post } }`,
      ),
  ],
  ['Cors', (part) => samFile('', `Post: { ${POST} }`, `Api: { Cors: { ${part} } }`)],
  [
    'CorsConfiguration',
    (part) => samFile('', 'Any: { Type: HttpApi }', `HttpApi: { CorsConfiguration: { ${part} } }`),
  ],
  [
    'Auth',
    (part) =>
      samFile(
        '',
        `Post: { ${POST} }`,
        `Api: { ${CORS}, Auth: { DefaultAuthorizer: Pool, Authorizers: { Pool: { ${part} } } } }`,
      ),
  ],
  [
    'Authorizers',
    (part) =>
      samFile(
        '',
        `Post: { ${POST} }`,
        `Api: { ${CORS}, Auth: { AddDefaultAuthorizerToCorsPreflight: false, DefaultAuthorizer: Pool, Authorizers: { ${part} } } }`,
      ),
  ],
  ['Globals', (part) => samFile('', `Post: { ${POST} }`, part)],
  ['a section of Globals', (part) => samFile('', `Post: { ${POST} }`, `Api: { ${part} }`)],
  [
    'a definition',
    (part) => samFile(`${API}, ${CORS}, DefinitionBody: { openapi: 3.0.1, paths: {}, ${part} } } }`, ''),
  ],
  [
    'the paths of a definition',
    (part) => samFile(`${API}, ${CORS}, DefinitionBody: { openapi: 3.0.1, paths: { ${part} } } } }`, ''),
  ],
  [
    'an operation of a definition',
    (part) =>
      samFile(
        `${API}, ${CORS}, DefinitionBody: { openapi: 3.0.1, paths: { /: { post: { ${part} } } } } } }`,
        '',
      ),
  ],
  [
    'an integration',
    (part) =>
      `Resources: { Options: { Type: AWS::ApiGateway::Method, Properties: { ${RAW_METHOD}, Integration: { ${part} } } },\n  ${RAW_API.replaceAll('\n', ',\n')} }`,
  ],
  ['a resource', (part) => samFile(`Part: { ${part} }`, `Post: { ${POST} }`, `Api: { ${CORS} }`)],
  ['the resources', (part) => samFile(part, `Post: { ${POST} }`, `Api: { ${CORS} }`)],
];

const withNames = (template: string) =>
  template.replace('Resources:', 'Parameters: { Names: { Type: CommaDelimitedList } }\nResources:');

it.each(
  PLACES.flatMap(([place, template]) =>
    [['a transform', INCLUDE] as const, ['a loop', LOOP] as const].map(([what, part]) => ({
      what,
      place,
      text: withNames(template(part)),
    })),
  ),
)('leads to exit code 2 without a finding if $what creates a part of $place', async ({ text }) => {
  const { code, output } = await examineFile(text);
  expect({ code, output }).toEqual({
    code: 2,
    output: expect.stringMatching(/no errors found[^]*Not examined:/) as string,
  });
});

it('examines the events of a loop over listed values', async () => {
  const loop = `'Fn::ForEach::Paths': [Name, [a, b], { 'On\${Name}': { Type: Api, Properties: { Path: !Sub '/\${Name}', Method: post } } }]`;
  const { code, output } = await examineFile(
    samFile('', loop, `Api: { ${CORS} }`).replace(
      'AWS::Serverless-2016-10-31',
      '[AWS::LanguageExtensions, AWS::Serverless-2016-10-31]',
    ),
  );
  expect(output).toContain('POST    /Prod/a');
  expect(output).toContain('POST    /Prod/b');
  expect(code).toBe(0);
});
