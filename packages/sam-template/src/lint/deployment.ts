/** What is declared must also be deployed: resources, snapshot, stage. */
import type { Api } from '../api/api';
import { text } from '../api/properties';
import type { Resource } from '../template/parse';
import { finding, resourcesOf, type Rule, type Subject } from './finding';

/** Resources that a Deployment takes a snapshot of, without a reference to them that would order them. */
const SNAPSHOT = /^AWS::ApiGateway::(?:Method|GatewayResponse)$/;

/** A deployment waits for all that it takes a snapshot of. */
export const deploymentComplete: Rule = (subject) =>
  withMethods(subject).flatMap((api) => {
    const own = resourcesOfApi(subject, api);
    const parts = own.filter(({ type }) => SNAPSHOT.test(type));
    return own.filter(isDeployment).flatMap((deployment) => {
      const missing = parts
        .map(({ logicalId }) => logicalId)
        .filter((id) => !deployment.dependsOn.includes(id));
      if (missing.length === 0) return [];
      const names = missing.join(', ');
      const reason = `it does not wait for ${names}, and the stage may come to be without`;
      return [finding('deployment-complete', deployment, reason, `Add ${names} to its DependsOn`)];
    });
  });

/** There is a stage, and it serves a deployment of this API. */
export const stage: Rule = (subject) =>
  withMethods(subject).flatMap((api) => {
    const own = resourcesOfApi(subject, api);
    const deployments = own.filter(isDeployment);
    const stages = own.filter(({ type }) => type === 'AWS::ApiGateway::Stage');
    // A Deployment with a StageName makes the stage itself.
    if (stages.length === 0 && !deployments.some(({ properties }) => 'StageName' in properties)) {
      const place = placeOf(subject, api);
      return [
        finding('stage', place, 'no stage serves it', 'Add an AWS::ApiGateway::Deployment and a Stage'),
      ];
    }
    return stages
      .filter(
        ({ properties }) =>
          !deployments.some(({ logicalId }) => refersTo(properties.DeploymentId, logicalId)),
      )
      .map((resource) =>
        finding(
          'stage',
          resource,
          'it serves no deployment of its API',
          'Set DeploymentId: !Ref the Deployment',
        ),
      );
  });

/** Every method's resource leads to the root of the API. */
export const reachable: Rule = (subject) =>
  resourcesOf(subject, 'AWS::ApiGateway::Method')
    // References to nothing are findings of their own.
    .filter(
      ({ properties: { RestApiId, ResourceId } }) => RestApiId !== undefined && ResourceId !== undefined,
    )
    .filter(
      ({ logicalId }) =>
        !subject.apis.some((api) => api.methods.some((method) => method.logicalId === logicalId)),
    )
    .map((method) => {
      const reason = 'its ResourceId does not lead to the root of its API by ParentId';
      const mend = 'Follow ResourceId and ParentId up to !GetAtt TheApi.RootResourceId, in one RestApi';
      return finding('reachable', method, reason, mend);
    });

function withMethods({ apis }: Subject): Api[] {
  return apis.filter(({ methods }) => methods.length > 0);
}

function resourcesOfApi({ resolved }: Subject, { logicalId }: Api): Resource[] {
  return resolved.resources.filter(({ properties }) => text(properties, 'RestApiId') === logicalId);
}

function isDeployment({ type }: Resource): boolean {
  return type === 'AWS::ApiGateway::Deployment';
}

function refersTo(value: unknown, logicalId: string): boolean {
  return value === logicalId || value === `${logicalId}.DeploymentId`;
}

function placeOf({ resolved }: Subject, { logicalId }: Api): { logicalId: string; line: number } {
  return resolved.resources.find((resource) => resource.logicalId === logicalId) ?? { logicalId, line: 1 };
}
