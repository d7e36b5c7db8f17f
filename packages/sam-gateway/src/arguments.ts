/** The command line of sam-gateway. No I/O. */
import { parseArgs } from 'node:util';

export interface Arguments {
  help: boolean;
  template: string;
  port: number;
  region: string;
  parameters: Record<string, string>;
  env: Record<string, string>;
}

export const USAGE = `sam-gateway TEMPLATE [options]

Serves the REST APIs of a SAM or CloudFormation template as API Gateway would, on localhost.

  --port PORT              where it listens; default 3001
  --parameter NAME=VALUE   a parameter of the template; may come several times
  --env NAME=VALUE         an environment variable of every function, over the template's
  --region REGION          default us-east-1
`;

/** The command line says something that cannot be. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** @throws UsageError */
export function parseArguments(args: readonly string[]): Arguments {
  const { values, positionals } = parse(args);
  const [template = '', ...others] = positionals;
  if (!values.help && positionals.length !== 1) {
    throw new UsageError(
      others.length > 0
        ? `one template is served, not ${positionals.join(' and ')}`
        : 'name the template to serve, for example sam-gateway template.yaml',
    );
  }
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port > 65_535) {
    throw new UsageError(`--port takes a number from 0 to 65535, not ${JSON.stringify(values.port)}`);
  }
  return {
    help: values.help,
    template,
    port,
    region: values.region,
    parameters: pairs('--parameter', values.parameter),
    env: pairs('--env', values.env),
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

function pairs(option: string, given: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((pair) => {
      const [, name, value] = /^([^=]+)=(.*)$/s.exec(pair) ?? [];
      if (name === undefined) throw new UsageError(`${option} takes NAME=VALUE, not ${JSON.stringify(pair)}`);
      return [name, value ?? ''];
    }),
  );
}
