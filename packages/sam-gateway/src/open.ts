/** From a template to a gateway that can listen. */
import type { Server } from 'node:http';
import type { Api } from 'sam-template';
import { rawApis } from 'sam-template';
import { serverlessApis } from 'sam-template';
import { buildFunction } from './lambda/build';
import type { Surroundings } from './lambda/environment';
import { lambdaFunctions } from './lambda/lambdaFunction';
import { FunctionPool } from './lambda/pool';
import { notEmulated } from './notEmulated';
import { samLocalRefusals } from 'sam-template';
import { gatewayServer } from './server';
import { parseTemplate } from 'sam-template';
import { resolveTemplate } from 'sam-template';

export interface GatewayOptions {
  /** The template's text, and the directory that its paths start from. */
  template: string;
  root: string;
  parameters: Readonly<Record<string, string>>;
  surroundings: Surroundings;
}

export interface OpenGateway {
  apis: readonly Api[];
  server: Server;
  /** What a user should know before relying on it, a sentence each. */
  notes: readonly string[];
  /** Ends the processes of the functions, and removes what was built. */
  close(): Promise<void>;
}

/** The template declares no API that can be served. */
export class NoApiError extends Error {
  override name = 'NoApiError';
}

/**
 * Builds the functions of a template, and serves its REST APIs.
 *
 * @throws TemplateError, NoApiError, or what esbuild says of the code.
 */
export async function openGateway(options: GatewayOptions): Promise<OpenGateway> {
  const { template, root, parameters, surroundings } = options;
  const { accountId, region, log } = surroundings;
  const resolved = resolveTemplate(parseTemplate(template), { parameters, region, accountId });
  const raw = rawApis(resolved);
  const serverless = serverlessApis(resolved);
  const apis = [...raw, ...serverless].filter(({ methods }) => methods.length > 0);
  if (apis.length === 0) throw new NoApiError('it declares no REST API with a method');

  const called = new Set(
    apis.flatMap(({ methods }) => methods.map(({ integration }) => integration.functionId)),
  );
  const functions = lambdaFunctions(resolved).filter(({ logicalId }) => called.has(logicalId));
  const pools = new Map<string, FunctionPool>();
  const close = async () => {
    await Promise.all([...pools.values()].map((pool) => pool.close()));
  };
  try {
    for (const lambda of functions) {
      pools.set(lambda.logicalId, new FunctionPool(lambda, await buildFunction(root, lambda), surroundings));
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    apis,
    server: gatewayServer({ apis, functions: pools, accountId, log }),
    notes: [
      ...resolved.unresolved.map(({ in: place, line, reason }) => {
        return `${place}${line === undefined ? '' : ` (line ${line})`}: ${reason}`;
      }),
      ...notEmulated(resolved.resources, apis, functions),
      ...samLocalRefusals(resolved.resources, raw, serverless).map(({ method, reason }) => {
        return `sam local would answer 403 to ${method.httpMethod} ${method.path}: ${reason}`;
      }),
    ],
    close,
  };
}
