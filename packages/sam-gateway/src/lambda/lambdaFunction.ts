/** Reads the Lambda functions that a template declares. No I/O. */
import { number, record, strings, text, type Properties, type ResolvedTemplate } from 'sam-template';

export interface LambdaFunction {
  logicalId: string;
  /** `file.export` */
  handler: string;
  /** Relative to the template. */
  codeUri: string;
  runtime: string;
  /** Seconds. */
  timeout: number;
  memorySize: number;
  environment: Readonly<Record<string, string>>;
  /** The `BuildProperties` of `BuildMethod: esbuild`. Undefined if the code runs as it is. */
  build: Properties | undefined;
}

/** Returns the functions with the defaults of Globals and SAM. */
export function lambdaFunctions({ resources, globals }: ResolvedTemplate): LambdaFunction[] {
  return resources
    .filter(({ type }) => /^AWS::(?:Serverless|Lambda)::Function$/.test(type))
    .map(({ logicalId, properties, metadata }) => {
      const defaults = record(globals, 'Function');
      const all: Properties = { ...defaults, ...properties };
      return {
        logicalId,
        handler: text(all, 'Handler') ?? '',
        codeUri: text(all, 'CodeUri') ?? '.',
        runtime: text(all, 'Runtime') ?? '',
        timeout: number(all, 'Timeout', 3),
        memorySize: number(all, 'MemorySize', 128),
        environment: { ...variables(defaults), ...variables(properties) },
        build: metadata.BuildMethod === 'esbuild' ? record(metadata, 'BuildProperties') : undefined,
      };
    });
}

function variables(properties: Properties): Record<string, string> {
  return strings(record(properties, 'Environment'), 'Variables');
}
