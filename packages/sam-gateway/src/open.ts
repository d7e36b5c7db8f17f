/** Opens a gateway: resolves the template, builds its functions and creates the server. */
import type { Server } from 'node:http';
import {
  apisOf,
  loadTemplate,
  localFiles,
  partsOf,
  placeIn,
  resolveTemplate,
  samLocalRejections,
  type Api,
  type Resource,
  type TemplatePart,
} from 'sam-template';
import type { Surroundings } from './lambda/environment';
import { lambdaFunctions } from './lambda/lambdaFunction';
import { FunctionPool } from './lambda/pool';
import { removeLeftovers } from './lambda/workspace';
import { notEmulated } from './notEmulated';
import { gatewayServer } from './server';

export interface GatewayOptions {
  /** The text of the template. */
  template: string;
  /** The directory that relative paths in the template start from. */
  root: string;
  parameters: Readonly<Record<string, string>>;
  surroundings: Surroundings;
  /** Stops the start, and rejects it with the signal's reason. */
  signal?: AbortSignal;
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
 * Builds the functions of a template and creates a server for its REST APIs. The caller starts the server. A
 * function that cannot be built becomes a note, and its routes return 502.
 *
 * @throws TemplateError or NoApiError.
 */
export async function openGateway(options: GatewayOptions): Promise<OpenGateway> {
  const { template, root, parameters, surroundings, signal } = options;
  const { accountId, region, log } = surroundings;
  const loaded = await loadTemplate(template, localFiles(root));
  const resolved = resolveTemplate(loaded, { parameters, region, accountId });
  const parts = partsOf(resolved);
  const model = apisOf(resolved);
  const apis = model.apis.filter(({ kind }) => kind === 'REST');
  if (apis.length === 0) throw new NoApiError('it declares no REST API with a method');

  const integratedIds = new Set(
    apis.flatMap(({ methods }) => methods.map(({ integration }) => integration.functionId)),
  );
  const functions = lambdaFunctions(resolved).filter(({ logicalId }) => integratedIds.has(logicalId));
  await removeLeftovers();
  const pools = new Map(
    functions.map((lambda) => [lambda.logicalId, new FunctionPool(root, lambda, surroundings)]),
  );
  const close = async () => {
    await Promise.all([...pools.values()].map((pool) => pool.close()));
  };
  signal?.addEventListener('abort', () => void close());
  const buildNotes = await Promise.all([...pools.values()].map(buildNotesOf));
  if (signal?.aborted === true) await close();
  signal?.throwIfAborted();
  return {
    apis,
    server: gatewayServer({ apis, functions: pools, accountId, log }),
    notes: [
      ...parts.flatMap(unresolvedNotes),
      ...notEmulated(parts.flatMap(placedResources), model, functions),
      ...buildNotes.flat(),
      ...samLocalRejections(resolved.resources, apis).map(({ method, reason }) => {
        return `sam local would return 403 for ${method.httpMethod} ${method.path}: ${reason}`;
      }),
    ],
    close,
  };
}

function unresolvedNotes({ resolved, prefix }: TemplatePart): string[] {
  return resolved.unresolved.map(({ in: place, line, reason }) => {
    return `${prefix}${place}${line === undefined ? '' : ` (line ${line})`}: ${reason}`;
  });
}

function placedResources(part: TemplatePart): Resource[] {
  return part.resolved.resources.map((resource) => placeIn(part, resource));
}

/** Builds a function, and says what differs from the deployed one or why its routes return 502. */
async function buildNotesOf(pool: FunctionPool): Promise<string[]> {
  const { logicalId } = pool.lambda;
  try {
    const { notes } = await pool.build();
    return notes.map((note) => `${logicalId}: ${note}`);
  } catch (error) {
    return [`${logicalId}: its routes return 502: ${(error as Error).message}`];
  }
}
