/** A template with its APIs and the resources that define them. No I/O. */
import {
  type Api,
  apisOf,
  type Deployment,
  type Properties,
  record,
  type Remark,
  type ResolvedTemplate,
  resolveTemplate,
  type Template,
} from 'sam-template';

export interface TemplateApis {
  template: Template;
  resolved: ResolvedTemplate;
  apis: readonly Api[];
  notExamined: readonly Remark[];
}

/** Resolves a template for a deployment, and finds its APIs. */
export function findApis(template: Template, deployment: Deployment): TemplateApis {
  const resolved = resolveTemplate(template, deployment);
  return { template, resolved, ...apisOf(resolved) };
}

/** Returns the properties of an API of SAM. The implicit API has only those of Globals. */
export function apiProperties({ resolved }: TemplateApis, { kind, logicalId, place }: Api): Properties {
  const id = kind === 'FUNCTION_URL' ? place.logicalId : logicalId;
  const own = resolved.resources.find((resource) => resource.logicalId === id);
  return own?.properties ?? record(resolved.globals, kind === 'REST' ? 'Api' : 'HttpApi');
}
