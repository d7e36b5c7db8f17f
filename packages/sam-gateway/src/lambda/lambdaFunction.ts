/** Reads the Lambda functions that a template declares. No I/O. */
import { dirname, isAbsolute, join } from 'node:path/posix';
import {
  list,
  number,
  partsOf,
  record,
  strings,
  text,
  Unknown,
  type Properties,
  type ResolvedTemplate,
  type Resource,
} from 'sam-template';
import { layersById, type Layer } from './layer';

export interface LambdaFunction {
  logicalId: string;
  /** `file.export` */
  handler: string;
  code: Code;
  /** Empty if it is known only at deployment. */
  runtime: string;
  /** Seconds. */
  timeout: number;
  memorySize: number;
  environment: Readonly<Record<string, string>>;
  /** `Metadata.BuildMethod`, for example esbuild or makefile. */
  buildMethod: string | undefined;
  /** `Metadata.BuildProperties` */
  buildProperties: Properties;
  layers: readonly Layer[];
}

/** The place of a function's code. */
type Code =
  /** A path, relative to the template. */
  | { kind: 'path'; path: string }
  /** The text of index.js. */
  | { kind: 'inline'; source: string }
  /** This machine does not have the code, for this reason. */
  | { kind: 'missing'; reason: string };

/** Returns the functions of a template and of its nested applications with the defaults of SAM. */
export function lambdaFunctions(resolved: ResolvedTemplate): LambdaFunction[] {
  return partsOf(resolved).flatMap((part) => {
    const { resources, template } = part.resolved;
    const directory = dirname(template.file ?? '');
    const layers = layersById(resources);
    return resources
      .filter(({ type }) => /^AWS::(?:Serverless|Lambda)::Function$/.test(type))
      .map((resource) => placedFunction(functionOf(resource, layers), part.prefix, directory));
  });
}

function functionOf(
  { logicalId, properties, metadata }: Resource,
  layers: ReadonlyMap<string, Layer>,
): LambdaFunction {
  return {
    logicalId,
    handler: text(properties, 'Handler') ?? '',
    code: codeOf(properties, metadata),
    runtime: text(properties, 'Runtime') ?? '',
    timeout: number(properties, 'Timeout', 3),
    memorySize: number(properties, 'MemorySize', 128),
    environment: strings(record(properties, 'Environment'), 'Variables'),
    buildMethod: text(metadata, 'BuildMethod'),
    buildProperties: record(metadata, 'BuildProperties'),
    layers: list(properties, 'Layers').map(
      (reference) => layers.get(String(reference)) ?? { name: nameOf(reference), path: undefined },
    ),
  };
}

/** Paths in a nested application are relative to its template. */
function placedFunction(lambda: LambdaFunction, prefix: string, directory: string): LambdaFunction {
  if (prefix === '') return lambda;
  const { code, layers } = lambda;
  return {
    ...lambda,
    logicalId: `${prefix}${lambda.logicalId}`,
    code: code.kind === 'path' ? { ...code, path: pathIn(directory, code.path) } : code,
    layers: layers.map((layer) =>
      layer.path === undefined
        ? layer
        : { ...layer, name: `${prefix}${layer.name}`, path: pathIn(directory, layer.path) },
    ),
  };
}

function pathIn(directory: string, path: string): string {
  return isAbsolute(path) ? path : join(directory, path);
}

function nameOf(reference: unknown): string {
  return typeof reference === 'string' ? reference : 'a layer that is known only at deployment';
}

/**
 * Finds the code of a function. The path of a CDK asset wins, then inline code, as in SAM.
 *
 * @see https://docs.aws.amazon.com/cdk/v2/guide/assets.html
 */
function codeOf(properties: Properties, metadata: Properties): Code {
  const { CodeUri, Code } = properties;
  const asset = text(metadata, 'aws:asset:path');
  if (asset !== undefined) return { kind: 'path', path: asset };
  const source = text(properties, 'InlineCode') ?? text(record(properties, 'Code'), 'ZipFile');
  if (source !== undefined) return { kind: 'inline', source };
  if (properties.PackageType === 'Image' || properties.ImageUri !== undefined) {
    return { kind: 'missing', reason: 'container images do not run here, only code with a nodejs runtime' };
  }
  const names = ['CodeUri', 'Code'].filter((name) => name in properties);
  if (names.length === 0) return { kind: 'path', path: '.' };
  const path = [CodeUri, Code].find((value) => typeof value === 'string');
  if (path === undefined) {
    const where = CodeUri ?? Code;
    const reason = where instanceof Unknown ? 'known only at deployment' : 'in Amazon S3';
    return { kind: 'missing', reason: `its code is ${reason}, not on this machine` };
  }
  if (path.startsWith('s3://'))
    return { kind: 'missing', reason: `its code is at ${path}, not on this machine` };
  return { kind: 'path', path };
}
