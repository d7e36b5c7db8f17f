/** Adds a stand-in API for methods whose API is missing, so that their other errors are found too. No I/O. */
import { type ResolvedTemplate, type Resource, type Template, Unknown } from 'sam-template';

const STAND_IN = 'StandInForTheApi';

/** Returns undefined if every method has an API of the template. */
export function withStandIn(
  template: Template,
  { resources }: ResolvedTemplate,
): { template: Template; stray: readonly string[] } | undefined {
  const stray = resources
    .filter((resource) => isStray(resource, resources))
    .map(({ logicalId }) => logicalId);
  if (stray.length === 0) return undefined;
  const api: Resource = {
    logicalId: STAND_IN,
    type: 'AWS::ApiGateway::RestApi',
    condition: undefined,
    dependsOn: [],
    properties: { Name: STAND_IN },
    written: {},
    metadata: {},
    attributes: [],
    ignoredGlobals: [],
    line: 1,
  };
  const placed = template.resources.map((resource) =>
    stray.includes(resource.logicalId)
      ? { ...resource, properties: { ...resource.properties, ...STAND_IN_PROPERTIES } }
      : resource,
  );
  return { template: { ...template, resources: [...placed, api] }, stray };
}

/** The properties that move a method to the root resource of the stand-in API. */
const STAND_IN_PROPERTIES = {
  RestApiId: { Ref: STAND_IN },
  ResourceId: { 'Fn::GetAtt': [STAND_IN, 'RootResourceId'] },
};

function isStray(
  { type, properties: { RestApiId, ResourceId } }: Resource,
  resources: readonly Resource[],
): boolean {
  if (type !== 'AWS::ApiGateway::Method') return false;
  const isMissing = [RestApiId, ResourceId].some((value) => value === undefined || value instanceof Unknown);
  const hasApi = resources.some(
    (api) => api.type === 'AWS::ApiGateway::RestApi' && api.logicalId === RestApiId,
  );
  return isMissing || !hasApi;
}
