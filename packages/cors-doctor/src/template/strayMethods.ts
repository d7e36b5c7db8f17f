/** Methods of an API that is not there: given a stand-in, so that their other faults are found as well. No I/O. */
import type { Resource, Template } from 'sam-template';
import type { ResolvedTemplate } from 'sam-template';

const STAND_IN = 'StandInForTheApi';

/** The template with an API for its stray methods; undefined where it has none. */
export function withStandIn(
  template: Template,
  { resources }: ResolvedTemplate,
): { template: Template; stray: readonly string[] } | undefined {
  const stray = resources.filter(isStray).map(({ logicalId }) => logicalId);
  if (stray.length === 0) return undefined;
  const api: Resource = {
    logicalId: STAND_IN,
    type: 'AWS::ApiGateway::RestApi',
    condition: undefined,
    dependsOn: [],
    properties: { Name: STAND_IN },
    metadata: {},
    line: 1,
  };
  const placed = template.resources.map((resource) =>
    stray.includes(resource.logicalId)
      ? { ...resource, properties: { ...resource.properties, ...PLACE } }
      : resource,
  );
  return { template: { ...template, resources: [...placed, api] }, stray };
}

const PLACE = { RestApiId: { Ref: STAND_IN }, ResourceId: { 'Fn::GetAtt': [STAND_IN, 'RootResourceId'] } };

function isStray({ type, properties: { RestApiId, ResourceId } }: Resource): boolean {
  return type === 'AWS::ApiGateway::Method' && (RestApiId === undefined || ResourceId === undefined);
}
