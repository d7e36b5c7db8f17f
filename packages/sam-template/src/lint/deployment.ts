/** Checks that the deployment contains every method, and that a stage serves it. */
import type { Api } from '../api/api';
import { text } from '../api/properties';
import type { Resource } from '../template/parse';
import { isOpen } from '../template/openMap';
import { Unknown } from '../template/unknown';
import { finding, resourcesOf, type Rule, type RuleInput } from './rule';

/** Resources that a Deployment takes a snapshot of. It does not refer to them, so only DependsOn orders them. */
const SNAPSHOT = /^AWS::ApiGateway::(?:Method|GatewayResponse)$/;

/** Requires that a deployment depends on every resource of which it takes a snapshot. */
export const deploymentComplete: Rule = (subject) =>
  withMethods(subject).flatMap((api) => {
    const resources = resourcesOfApi(subject, api);
    const parts = resources.filter(({ type }) => SNAPSHOT.test(type));
    return resources.filter(isDeployment).flatMap((deployment) => {
      const missing = parts
        .map(({ logicalId }) => logicalId)
        .filter((id) => !deployment.dependsOn.includes(id));
      if (missing.length === 0) return [];
      const names = missing.join(', ');
      const message = `it does not depend on ${names}, so it may be created without them`;
      return [
        finding(
          'deployment-complete',
          deployment,
          message,
          `Add ${names} to the DependsOn of the deployment`,
        ),
      ];
    });
  });

/** Requires a stage that serves a deployment of this API. */
export const stage: Rule = (subject) =>
  withMethods(subject).flatMap((api) => {
    const resources = resourcesOfApi(subject, api);
    const deployments = resources.filter(isDeployment);
    const stages = resources.filter(({ type }) => type === 'AWS::ApiGateway::Stage');
    // A Deployment with a StageName creates the stage itself.
    if (stages.length === 0 && !deployments.some(({ properties }) => 'StageName' in properties)) {
      if (isPassedOn(subject, api) || canBeElsewhere(subject)) return [];
      const place = placeOf(subject, api);
      return [
        finding(
          'stage',
          place,
          'the API has no stage',
          'Add an AWS::ApiGateway::Deployment and an AWS::ApiGateway::Stage',
        ),
      ];
    }
    return stages
      .filter(
        ({ properties }) =>
          !(properties.DeploymentId instanceof Unknown) &&
          !deployments.some(({ logicalId }) => refersTo(properties.DeploymentId, logicalId)),
      )
      .map((resource) =>
        finding(
          'stage',
          resource,
          'its DeploymentId is not a deployment of the same API',
          'Set DeploymentId to a !Ref to the AWS::ApiGateway::Deployment of this API',
        ),
      );
  });

/** Requires that the resource of every method is connected to the root of the API. */
export const reachable: Rule = (subject) =>
  resourcesOf(subject, 'AWS::ApiGateway::Method')
    // The rule `references` reports references that do not resolve.
    .filter(({ properties: { RestApiId, ResourceId } }) => isKnown(RestApiId) && isKnown(ResourceId))
    .filter(
      ({ logicalId }) =>
        !subject.apis.some(({ methods }) => methods.some((method) => method.logicalId === logicalId)) &&
        !subject.notExamined.some((remark) => remark.logicalId === logicalId),
    )
    .map((method) => {
      const message = 'its ResourceId is not connected to the root of the API through ParentId';
      const fix =
        'Make the chain of ParentId properties end at !GetAtt API.RootResourceId of the RestApi of this method';
      return finding('reachable', method, message, fix);
    });

function isKnown(value: unknown): boolean {
  return value !== undefined && !(value instanceof Unknown);
}

/** The API of a stage can be known only at deployment, and a macro can add a stage. */
function canBeElsewhere({ template, resolved }: RuleInput): boolean {
  const stages = resolved.resources.filter(({ type }) =>
    /^AWS::ApiGateway::(?:Stage|Deployment)$/.test(type),
  );
  return (
    template.macros.length > 0 ||
    stages.some(({ properties }) => properties.RestApiId instanceof Unknown || isOpen(properties))
  );
}

/** Another template can deploy an API that this one passes on, as an output or to a nested application. */
function isPassedOn({ resolved }: RuleInput, { logicalId }: Api): boolean {
  const nested = resolved.resources.filter(({ type }) => /::(?:Application|Stack)$/.test(type));
  const values = JSON.stringify([resolved.outputs, nested.map(({ properties }) => properties)]);
  return values.includes(`"${logicalId}"`);
}

function withMethods({ apis }: RuleInput): Api[] {
  return apis.filter(({ methods }) => methods.length > 0);
}

function resourcesOfApi({ resolved }: RuleInput, { logicalId }: Api): Resource[] {
  return resolved.resources.filter(({ properties }) => text(properties, 'RestApiId') === logicalId);
}

function isDeployment({ type }: Resource): boolean {
  return type === 'AWS::ApiGateway::Deployment';
}

function refersTo(value: unknown, logicalId: string): boolean {
  return value === logicalId || value === `${logicalId}.DeploymentId`;
}

function placeOf({ resolved }: RuleInput, { logicalId }: Api): { logicalId: string; line: number } {
  return resolved.resources.find((resource) => resource.logicalId === logicalId) ?? { logicalId, line: 1 };
}
