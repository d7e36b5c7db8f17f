/** Applies the fixes that the doctor suggests, and expects the verdict to become allowed. */
import type { Examination } from '../../src/examine';
import { examineTemplate } from '../../src/template/examineTemplate';
import { FUNCTION, proxied, rawTemplate, startGateway } from '../../../../test/helpers/gateway';
import { endServers, startServer } from '../../../../test/helpers/serverProcess';
import { samTemplate } from '../templates';
import { examined as examinedUrl } from './appliedFix';

function examined(url: string): Promise<Examination> {
  const headers = [
    ['Content-Type', 'application/json'],
    ['X-Mine', '1'],
  ] as const;
  return examinedUrl(url, { headers });
}

/** Returns the lines of the fix for the blocked request. */
function linesOf({ diagnosis, findings }: Examination): string[] {
  expect(diagnosis.verdict).toBe('blocked');
  return [...(findings.find(({ severity }) => severity === 'error')?.fix.lines ?? [])];
}

/** Indents lines of YAML. */
function indented(lines: readonly string[], spaces: number): string {
  return lines.map((line) => `${' '.repeat(spaces)}${line}`).join('\n');
}

afterEach(endServers);

const CODE = `exports.handler = async () => ({ statusCode: 200, headers: { 'Access-Control-Allow-Origin': '*' }, body: '[]' })`;

const HEADERS = 'method.response.header.Access-Control-Allow';

async function examinedGateway(template: string, code = CODE): Promise<Examination> {
  const gateway = await startGateway(template, { files: { 'index.js': code } });
  try {
    return await examined(`${gateway.url}/thing`);
  } finally {
    await gateway.close();
  }
}

const POST = rawTemplate(proxied('POST'), FUNCTION);

it('fixes a MOCK integration of API Gateway with lines in its Integration', async () => {
  const mock = (lines: string) => `${POST}
  Options:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !Ref Thing
      HttpMethod: OPTIONS
      AuthorizationType: NONE
      MethodResponses:
        - StatusCode: '200'
          ResponseParameters: { ${HEADERS}-Origin: true, ${HEADERS}-Headers: true }
      Integration:
        Type: MOCK
        IntegrationResponses:
          - StatusCode: '200'
            ResponseParameters: { ${HEADERS}-Origin: "'*'", ${HEADERS}-Headers: "'Content-Type,X-Mine'" }
${lines}
`;
  const lines = linesOf(await examinedGateway(mock('')));
  expect((await examinedGateway(mock(indented(lines, 8)))).diagnosis.verdict).toBe('allowed');
});

/** The lines for templates that declare the methods themselves. */
async function optionsLines(): Promise<readonly string[]> {
  const { findings } = await examinedGateway(POST);
  return findings.find(({ ruleId }) => ruleId === 'without-sam')?.fix.lines ?? [];
}

it('fixes API Gateway with the missing OPTIONS method', async () => {
  const lines = await optionsLines();
  // The resource has a different name in this template than in the example.
  const options = indented(lines, 2).replace('!Ref Records ', '!Ref Thing ');
  expect((await examinedGateway(`${POST}\n${options}\n`)).diagnosis.verdict).toBe('allowed');
});

it('fixes a Lambda function with headers in its result', async () => {
  const options = await optionsLines();
  const template = `${POST}\n${indented(options, 2).replace('!Ref Records ', '!Ref Thing ')}\n`;
  const code = (lines: string) => `exports.handler = async () => ({ statusCode: 200, ${lines} body: '[]' })`;
  const lines = linesOf(await examinedGateway(template, code('')));
  expect((await examinedGateway(template, code(lines.join('\n')))).diagnosis.verdict).toBe('allowed');
});

it.each([
  ['no Cors', ''],
  ['Cors without AllowHeaders', `Cors: { AllowOrigin: "'*'", AllowMethods: "'POST'" }`],
  [
    'Cors with a slash after the origin',
    `Cors: { AllowOrigin: "'http://localhost:5173/'", AllowHeaders: "'*'" }`,
  ],
])('fixes a SAM API with %s', async (_cause, own) => {
  const template = (lines: readonly string[]) => `
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
${lines.length === 0 ? `      ${own}` : indented(lines, 6)}
  Function:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: index.handler
      CodeUri: .
      Events:
        Thing: { Type: Api, Properties: { RestApiId: !Ref Api, Path: /thing, Method: post } }
`;
  const lines = linesOf(await examinedGateway(template([])));
  expect(lines[0]).toBe('Cors:');
  const { diagnosis } = await examinedGateway(template(lines));
  expect(diagnosis.verdict).toBe('allowed');
});

it('fixes this server with settings', async () => {
  const lines = linesOf(
    await examined(await startServer([], { CORS_ALLOW_ORIGINS: 'https://a.example' }).url),
  );
  const settings: Record<string, string> = {};
  for (let more = lines; more.length > 0;) {
    Object.assign(settings, Object.fromEntries(more.map((line) => line.split('='))));
    const again = await examined(await startServer([], settings).url);
    // The doctor finds missing headers only after the origin is allowed.
    more = again.diagnosis.verdict === 'allowed' ? [] : linesOf(again);
  }
  expect(settings).toEqual({
    CORS_ALLOW_ORIGINS: 'http://localhost:5173',
    CORS_ALLOW_HEADERS: expect.stringMatching(/^Content-Type,.*,X-Mine$/) as unknown,
  });
  // It starts three servers.
}, 90_000);

it('fixes a SAM template with lines under Globals', async () => {
  const { findings } = await examineTemplate(samTemplate(''), {});
  const lines = findings.find(({ ruleId }) => ruleId === 'sam-cors-missing')?.fix.lines ?? [];
  const fixed = samTemplate('').replace('  Api: {  }', () => `  Api:\n${indented(lines, 4)}`);
  expect(fixed).toContain('AllowOrigin');
  const after = await examineTemplate(fixed, {});
  expect(after.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
});
