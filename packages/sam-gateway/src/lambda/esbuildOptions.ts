/** Converts the BuildProperties of `BuildMethod: esbuild` to the options of esbuild. No I/O. */
import type { BuildOptions } from 'esbuild';
import { list, type Properties } from 'sam-template';

/** Properties with `NAME=VALUE` items. */
const MAPS = new Set(['Alias', 'Banner', 'Define', 'Footer', 'Loader', 'OutExtension']);

/** Properties with several values. SAM accepts text that is separated by commas too. */
const LISTS = new Set([
  'Conditions',
  'Drop',
  'DropLabels',
  'External',
  'Inject',
  'MainFields',
  'Pure',
  'ResolveExtensions',
  'Target',
]);

/** Properties that `sam build` does not pass to esbuild. */
const NOT_FOR_ESBUILD = new Set(['EntryPoints', 'UseNpmCi']);

/**
 * Returns the options, with the defaults of `sam build`. An unknown property becomes an unknown option, which
 * esbuild rejects as `sam build` does.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-using-build-typescript.html
 */
export function esbuildOptions(properties: Properties): BuildOptions {
  const given = Object.entries(properties)
    .filter(([name, value]) => !NOT_FOR_ESBUILD.has(name) && value !== undefined)
    .map(([name, value]) => [toCamelCase(name), optionValue(name, value)] as const);
  return { target: 'es2020', format: 'cjs', minify: true, ...Object.fromEntries(given) };
}

/** Returns the paths of the entry points as the template has them. */
export function entryPoints(properties: Properties): string[] {
  return list(properties, 'EntryPoints').map(String);
}

function toCamelCase(name: string): string {
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
}

function optionValue(name: string, value: unknown): unknown {
  const items = Array.isArray(value) ? value.map(String) : undefined;
  if (MAPS.has(name)) return items === undefined ? value : Object.fromEntries(items.map(splitPair));
  if (LISTS.has(name)) return items ?? String(value).split(',');
  // CloudFormation accepts "true" as true.
  if (value === 'true' || value === 'false') return value === 'true';
  return value;
}

function splitPair(item: string): [string, string] {
  const at = item.indexOf('=');
  return at < 0 ? [item, ''] : [item.slice(0, at), item.slice(at + 1)];
}
