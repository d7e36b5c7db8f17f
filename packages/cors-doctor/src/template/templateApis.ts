/** A template with its APIs and the resources that define them. No I/O. */
import {
  type Api,
  type Deployment,
  type Properties,
  rawApis,
  record,
  type ResolvedTemplate,
  resolveTemplate,
  type Resource,
  serverlessApis,
  type Template,
} from 'sam-template';

export interface TemplateApis {
  template: Template;
  resolved: ResolvedTemplate;
  raw: readonly Api[];
  serverless: readonly Api[];
}

/** Resolves a template for a deployment, and finds its APIs. */
export function findApis(template: Template, deployment: Deployment): TemplateApis {
  const resolved = resolveTemplate(template, deployment);
  return {
    template,
    resolved,
    raw: withMethods(rawApis(resolved)),
    serverless: withMethods(serverlessApis(resolved)),
  };
}

function withMethods(apis: readonly Api[]): Api[] {
  return apis.filter(({ methods }) => methods.length > 0);
}

/** Returns the properties of an AWS::Serverless::Api and of Globals. The implicit API has only those of Globals. */
export function apiProperties({ resolved }: TemplateApis, { logicalId }: Api): Properties {
  const own = resolved.resources.find((resource) => resource.logicalId === logicalId);
  return { ...record(resolved.globals, 'Api'), ...own?.properties };
}

/** Returns where to fix an API: its resource, or for the implicit API the function that has the event. */
export function placeOf({ resolved }: TemplateApis, api: Api): { logicalId: string; line: number } {
  const own: Resource | undefined = resolved.resources.find(({ logicalId }) => logicalId === api.logicalId);
  const [first] = api.methods;
  return own ?? { logicalId: first?.logicalId ?? api.logicalId, line: first?.line ?? 1 };
}
