/** Parses the command-line arguments of sam-gateway. No I/O. */
import { parsePairs, UsageError } from 'command-line';
import { parseArgs } from 'node:util';

export interface Arguments {
  help: boolean;
  /** Path of the template file. */
  template: string;
  port: number;
  region: string;
  /** Values of the template's parameters, by name. */
  parameters: Record<string, string>;
  /** Environment variables for every function, by name. */
  env: Record<string, string>;
}

export const USAGE = `sam-gateway TEMPLATE [options]

Serves the REST APIs of a SAM or CloudFormation template on localhost, as API Gateway would.

  --port PORT              port to listen on, 0 for any free port (default: 3001)
  --parameter NAME=VALUE   value of a template parameter; can be repeated
  --env NAME=VALUE         environment variable for every function, overrides the template; can be repeated
  --region REGION          AWS region (default: us-east-1)
  -h, --help               print this help
`;

/**
 * Parses the arguments.
 *
 * @param defaultTemplate the template to serve if the arguments name none. Without it, a template is required.
 * @throws UsageError
 */
export function parseArguments(args: readonly string[], defaultTemplate = ''): Arguments {
  const { values, positionals } = parse(args);
  const [template = defaultTemplate] = positionals;
  if (!values.help && template === '') {
    throw new UsageError('Missing template. Example: sam-gateway template.yaml');
  }
  if (!values.help && positionals.length > 1) {
    throw new UsageError(`Expected one template, received ${positionals.join(' and ')}.`);
  }
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port > 65_535) {
    throw new UsageError(`--port takes a number from 0 to 65535, not ${JSON.stringify(values.port)}.`);
  }
  return {
    help: values.help,
    template,
    port,
    region: values.region,
    parameters: parsePairs('--parameter', values.parameter),
    env: parsePairs('--env', values.env),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', default: false, short: 'h' },
        port: { type: 'string', default: '3001' },
        region: { type: 'string', default: 'us-east-1' },
        parameter: { type: 'string', multiple: true, default: [] },
        env: { type: 'string', multiple: true, default: [] },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
