/** Parses the command-line arguments of sam-gateway. No I/O. */
import { formatOptions, parseOptions, parsePairs, UsageError, type OptionTable } from 'command-line';

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

const OPTIONS = {
  port: { value: 'PORT', help: 'port to listen on, 0 for any free port; default 3001' },
  parameter: { value: 'NAME=VALUE', multiple: true, help: 'value of a template parameter' },
  env: {
    value: 'NAME=VALUE',
    multiple: true,
    help: 'environment variable for every function; overrides the template',
  },
  region: { value: 'REGION', help: 'AWS region; default us-east-1' },
  help: { short: 'h', help: 'print this help' },
} as const satisfies OptionTable;

export const USAGE = `Usage: sam-gateway TEMPLATE [options]

Serves the REST APIs of a SAM or CloudFormation template on localhost, as API
Gateway would.

${formatOptions(OPTIONS)}`;

/**
 * Parses the arguments.
 *
 * @param defaultTemplate the template to serve if the arguments name none. Without it, a template is required.
 * @throws UsageError
 */
export function parseArguments(args: readonly string[], defaultTemplate = ''): Arguments {
  // A value of --env can be a secret.
  const { values, positionals } = parseOptions(args, OPTIONS, { hideValues: true });
  const [template = defaultTemplate] = positionals;
  const { help = false, port = '3001', region = 'us-east-1' } = values;
  if (!help && template === '') {
    throw new UsageError('Missing template. Example: sam-gateway template.yaml');
  }
  if (!help && positionals.length > 1) {
    throw new UsageError(`Expected one template, received ${positionals.join(' and ')}.`);
  }
  if (!/^\d+$/.test(port) || Number(port) > 65_535) {
    throw new UsageError(`--port takes a number from 0 to 65535, not ${JSON.stringify(port)}.`);
  }
  return {
    help,
    template,
    port: Number(port),
    region,
    parameters: parsePairs('--parameter', values.parameter ?? []),
    env: parsePairs('--env', values.env ?? []),
  };
}
