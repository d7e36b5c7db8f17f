/** A template with its APIs and the resources that define them. No I/O. */
import {
  type Api,
  apisOf,
  canHaveMoreEvents,
  type Deployment,
  isOpen,
  type Properties,
  record,
  type Remark,
  type ResolvedTemplate,
  resolveTemplate,
  type Template,
  Unknown,
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

/** Whether a property can have another value, or an API more methods, than the template shows. */
export function isSetAtDeployment(subject: TemplateApis, api: Api, name: string): boolean {
  const properties = apiProperties(subject, api);
  const { [name]: value } = properties;
  const isOpenValue = typeof value === 'object' && value !== null && isOpen(record({ value }, 'value'));
  return value instanceof Unknown || isOpenValue || isOpen(properties) || canHaveMoreEvents(subject.resolved);
}

/** Returns the properties of an API of SAM. The implicit API has only those of Globals. */
export function apiProperties({ resolved }: TemplateApis, { kind, logicalId, place }: Api): Properties {
  const id = kind === 'FUNCTION_URL' ? place.logicalId : logicalId;
  const own = resolved.resources.find((resource) => resource.logicalId === id);
  return own?.properties ?? record(resolved.globals, kind === 'REST' ? 'Api' : 'HttpApi');
}
