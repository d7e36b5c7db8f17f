/** The values of a template that its deployment sets, or the template that contains it. No I/O. */
import { isAddingKey } from './openMap';
import type { Resource, Template } from './parse';
import { Unknown } from './unknown';

/** The values that a template gets from its deployment. */
export interface Deployment {
  /** Given parameters; the others have their defaults. */
  parameters: Readonly<Record<string, unknown>>;
  region: string;
  accountId: string;
  /** Whether the region and the account are examples. Conditions that compare them, or the stack, are then not decided. */
  isExample?: boolean;
  /**
   * Assumed results of conditions that cannot be decided; without an entry, a condition is assumed to be true. Keys are
   * the names of `UndecidedCondition`.
   */
  assumedConditions?: Readonly<Record<string, boolean>>;
}

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
