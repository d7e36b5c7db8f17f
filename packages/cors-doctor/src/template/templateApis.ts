/** A template with its APIs and the resources that define them. No I/O. */
import {
  type Api,
  canHaveMoreEvents,
  isOpen,
  ownApisOf,
  type Properties,
  record,
  type Remark,
  type ResolvedTemplate,
  type Template,
  Unknown,
} from 'sam-template';

/** One template of an application. Nested applications have their own. */
export interface TemplateApis {
  template: Template;
  resolved: ResolvedTemplate;
  apis: readonly Api[];
  notExamined: readonly Remark[];
}

export function findApis(resolved: ResolvedTemplate): TemplateApis {
  return { template: resolved.template, resolved, ...ownApisOf(resolved) };
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
