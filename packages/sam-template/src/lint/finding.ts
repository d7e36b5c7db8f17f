/** What the checks of a template are given, and what they give. */
import type { CorsPolicy } from 'cors-policy';
import type { Api } from '../api/api';
import type { Resource, Template } from '../template/parse';
import type { ResolvedTemplate } from '../template/resolve';

/** A template as it is written, and what it comes to with its parameters. */
export interface Subject {
  template: Template;
  resolved: ResolvedTemplate;
  /** The REST APIs of its AWS::ApiGateway resources. */
  apis: readonly Api[];
  /** What a preflight is to be answered by; undefined where a template has no policy beside it. */
  policy: CorsPolicy | undefined;
}

/** One thing that is wrong with a template. */
export interface Finding {
  /** The name of the check, in kebab case. */
  check: string;
  /** Logical id of the resource, or a section of the template. */
  resource: string;
  line: number;
  reason: string;
  mend: string;
}

/** Looks for one kind of mistake. Pure. */
export type Check = (subject: Subject) => Finding[];

/** Where a finding is: anything that has a logical id and a line. */
export type Place = Pick<Resource, 'logicalId' | 'line'>;

export function finding(check: string, { logicalId, line }: Place, reason: string, mend: string): Finding {
  return { check, resource: logicalId, line, reason, mend };
}

export function resourcesOf({ resolved }: Subject, type: string): Resource[] {
  return resolved.resources.filter((resource) => resource.type === type);
}
