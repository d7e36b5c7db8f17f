/** Merges the Globals of a SAM template into its resources. No I/O. */
import type { Resource } from './parse';
import { Unknown } from './unknown';

type Properties = Readonly<Record<string, unknown>>;

/** Returns the resource with the properties of its section of Globals, for example `Globals.Api`. */
export function withGlobals(resource: Resource, globals: Properties): Resource {
  const section = /^AWS::Serverless::(\w+)$/.exec(resource.type)?.[1];
  const defaults = section === undefined ? undefined : globals[section];
  if (!isMap(defaults) || resource.ignoredGlobals === '*') return resource;
  const { ignoredGlobals } = resource;
  const used = Object.entries(defaults).filter(([name]) => !ignoredGlobals.includes(name));
  return {
    ...resource,
    properties: merge(Object.fromEntries(used), resource.properties) as Record<string, unknown>,
  };
}

/**
 * Merges maps key by key at every depth and appends lists. Otherwise, the own value wins.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html
 */
function merge(defaults: unknown, own: unknown): unknown {
  if (Array.isArray(defaults) && Array.isArray(own))
    return [...(defaults as unknown[]), ...(own as unknown[])];
  if (!isMap(defaults) || !isMap(own)) return own;
  const merged: Record<string, unknown> = { ...defaults };
  for (const [key, value] of Object.entries(own)) {
    merged[key] = key in defaults ? merge(defaults[key], value) : value;
  }
  return merged;
}

function isMap(value: unknown): value is Properties {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Unknown);
}
