/** A template with its APIs and the resources that define them. No I/O. */
import {
  type Api,
  ownApisOf,
  type Properties,
  record,
  type Remark,
  type ResolvedTemplate,
  type Template,
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

/** Returns the properties of an API of SAM. The implicit API has only those of Globals. */
export function apiProperties({ resolved }: TemplateApis, { kind, logicalId, place }: Api): Properties {
  const id = kind === 'FUNCTION_URL' ? place.logicalId : logicalId;
  const own = resolved.resources.find((resource) => resource.logicalId === id);
  return own?.properties ?? record(resolved.globals, kind === 'REST' ? 'Api' : 'HttpApi');
}
