/** Starts an emulated gateway on a free port, with a template and code from the test. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Api } from 'sam-template';
import { openGateway } from 'sam-gateway';
import { listen } from './listen';

export interface TestGateway {
  /** Includes the stage of the first API. */
  url: string;
  origin: string;
  apis: readonly Api[];
  notes: readonly string[];
  /** The lines that the gateway and its functions have logged. */
  log: string[];
  close(): Promise<void>;
}

interface TestGatewayOptions {
  parameters?: Record<string, string>;
  /** Environment variables of the functions. */
  environment?: Record<string, string>;
  /** The directory that paths in the template start from. Default: a temporary directory with `files`. */
  root?: string;
  /** File contents, by path. */
  files?: Record<string, string>;
}

export async function startGateway(template: string, options: TestGatewayOptions = {}): Promise<TestGateway> {
  const { parameters = {}, environment = {}, files = {} } = options;
  const directory = await mkdtemp(join(tmpdir(), 'gateway-'));
  const remove = () => rm(directory, { recursive: true, force: true });
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, name)), { recursive: true });
    await writeFile(join(directory, name), text);
  }
  const log: string[] = [];
  const { PATH } = process.env;
  const gateway = await openGateway({
    template,
    root: options.root ?? directory,
    parameters,
    surroundings: {
      region: 'us-east-1',
      accountId: '123456789012',
      overrides: environment,
      inherited: { PATH },
      log: (line) => log.push(line),
    },
  }).catch(async (error: unknown) => {
    await remove();
    throw error;
  });
  const { port, close } = await listen(gateway.server);
  const origin = `http://127.0.0.1:${port}`;
  return {
    url: `${origin}/${gateway.apis[0]?.stage ?? ''}`,
    origin,
    apis: gateway.apis,
    notes: gateway.notes,
    log,
    close: async () => {
      await close();
      await gateway.close();
      await remove();
    },
  };
}

/** Returns a template with one raw API: `/thing`, with one method whose properties are one line of YAML. */
export function rawTemplate(method: string, more = ''): string {
  return `
Resources:
  Api: { Type: AWS::ApiGateway::RestApi, Properties: { Name: api } }
  Thing:
    Type: AWS::ApiGateway::Resource
    Properties: { RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: thing }
  ThingMethod:
    Type: AWS::ApiGateway::Method
    Properties: { RestApiId: !Ref Api, ResourceId: !Ref Thing, ${method} }
${more}`;
}

/** Returns the properties of a method with a Lambda proxy integration. */
export function proxied(httpMethod: string, more = ''): string {
  return `HttpMethod: ${httpMethod}, AuthorizationType: NONE, Integration: { Type: AWS_PROXY, IntegrationHttpMethod: POST, Uri: !Sub "arn:aws:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${Function.Arn}/invocations"${more} }`;
}

/** The declaration of a function with the test's code. */
export const FUNCTION = `
  Function:
    Type: AWS::Serverless::Function
    Properties: { Handler: index.handler, Runtime: nodejs20.x, CodeUri: ., Timeout: 10 }
`;
