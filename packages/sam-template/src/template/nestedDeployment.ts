/** Derives the deployment of a nested application from the one of its template. No I/O. */
import { isAddingKey } from './openMap';
import type { Resource, Template } from './parse';
import type { Deployment } from './resolve';
import { Unknown } from './unknown';

/** A nested application gets its parameters from its resource. The user cannot pass others. */
export function nestedDeployment(
  { parameters }: Template,
  { logicalId, properties: { Parameters = {} } }: Resource,
  deployment: Deployment,
): Deployment {
  const prefix = `${logicalId}.`;
  const assumed = Object.entries(deployment.assumedConditions ?? {})
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, result]) => [name.slice(prefix.length), result] as const);
  const missing = Object.entries(parameters)
    .filter(([, { Default }]) => Parameters instanceof Unknown || Default === undefined)
    .map(([name]) => {
      const reason = `${logicalId} gives no value to the parameter ${name}, which has no Default`;
      return [name, Parameters instanceof Unknown ? Parameters : new Unknown(reason)] as const;
    });
  const given = Parameters instanceof Unknown ? [] : Object.entries(Parameters ?? {});
  return {
    ...deployment,
    parameters: {
      ...Object.fromEntries(missing),
      ...Object.fromEntries(given.filter(([name]) => !isAddingKey(name))),
    },
    assumedConditions: Object.fromEntries(assumed),
  };
}
