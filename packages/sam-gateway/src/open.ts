/** Opens a gateway: resolves the template, builds its functions and creates the server. */
import { readFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { apisOf, loadTemplate, resolveTemplate, samLocalRejections, type Api } from 'sam-template';
import { buildFunction } from './lambda/build';
import type { Surroundings } from './lambda/environment';
import { lambdaFunctions } from './lambda/lambdaFunction';
import { FunctionPool } from './lambda/pool';
import { notEmulated } from './notEmulated';
import { gatewayServer } from './server';

export interface GatewayOptions {
  /** The text of the template. */
  template: string;
  /** The directory that relative paths in the template start from. */
  root: string;
  parameters: Readonly<Record<string, string>>;
  surroundings: Surroundings;
}

export interface OpenGateway {
  apis: readonly Api[];
  server: Server;
  /** Differences from AWS and from sam local, one sentence each. */
  notes: readonly string[];
  /** Stops the functions' processes and deletes the build output. */
  close(): Promise<void>;
}

/** The template has no REST API to serve. */
export class NoApiError extends Error {
  override name = 'NoApiError';
}

/**
 * Builds the functions of a template and creates a server for its REST APIs. The caller starts the server.
 *
 * @throws TemplateError, NoApiError, or the build errors of esbuild.
 */
export async function openGateway(options: GatewayOptions): Promise<OpenGateway> {
  const { template, root, parameters, surroundings } = options;
  const { accountId, region, log } = surroundings;
  const loaded = await loadTemplate(template, (path) => readFile(join(root, path), 'utf8'));
  const resolved = resolveTemplate(loaded, { parameters, region, accountId });
  const model = apisOf(resolved);
  const apis = model.apis.filter(({ kind }) => kind === 'REST');
  if (apis.length === 0) throw new NoApiError('it declares no REST API with a method');

  const integratedIds = new Set(
    apis.flatMap(({ methods }) => methods.map(({ integration }) => integration.functionId)),
  );
  const functions = lambdaFunctions(resolved).filter(({ logicalId }) => integratedIds.has(logicalId));
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
      ...notEmulated(resolved.resources, model, functions),
      ...samLocalRejections(resolved.resources, apis).map(({ method, reason }) => {
        return `sam local would return 403 for ${method.httpMethod} ${method.path}: ${reason}`;
      }),
    ],
    close,
  };
}
