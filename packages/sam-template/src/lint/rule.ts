/** The input of the rules of the linter, and their findings. */
import type { CorsPolicy } from 'cors-policy';
import type { Api, Remark } from '../api/api';
import type { Finding, Location } from '../finding';
import type { Resource, Template } from '../template/parse';
import { placeIn, type TemplatePart } from '../template/parts';
import type { ResolvedTemplate } from '../template/resolve';

/** A template as written, and as resolved with the parameters of one deployment. */
export interface RuleInput {
  template: Template;
  resolved: ResolvedTemplate;
  /** The REST APIs of its AWS::ApiGateway resources. */
  apis: readonly Api[];
  /** All APIs. */
  allApis: readonly Api[];
  /** All REST APIs, but with the methods that the template writes, without those of SAM. */
  written: readonly Api[];
  /** The parts that the APIs lack, because they cannot be examined. */
  notExamined: readonly Remark[];
  /** The policy that preflight responses are compared with; undefined if they are not compared. */
  policy: CorsPolicy | undefined;
}

/** A finding of the linter always has a location. */
export type TemplateFinding = Finding & { location: Location };

/** Finds one kind of error. A pure function. */
export type Rule = (input: RuleInput) => TemplateFinding[];

/** The place of a finding: anything with a logical id and a line. */
export type Place = Pick<Resource, 'logicalId' | 'line'>;

/** Findings of these rules affect only some requests, some deployments, or only sam local. */
const WARNINGS = ['deployment-complete', 'gateway-errors', 'sam-local-order', 'streaming-timeout'];

/**
 * Creates a finding at a resource of the template.
 *
 * @param fix one sentence without a final period.
 */
export function finding(
  ruleId: string,
  { logicalId, line }: Place,
  message: string,
  fix: string,
  missingLogicalId?: string,
): TemplateFinding {
  return {
    ruleId,
    severity: WARNINGS.includes(ruleId) ? 'warning' : 'error',
    location: { resource: logicalId, line },
    message,
    ...(missingLogicalId !== undefined && { missingLogicalId }),
    fix: { description: fix, lines: [] },
  };
}

/** Adds the file of a nested application to a finding, and the application to its resource. */
export function placeFinding(part: TemplatePart, found: TemplateFinding): TemplateFinding {
  const { resource, ...location } = found.location;
  const { logicalId, ...placed } = placeIn(part, { ...location, logicalId: resource });
  return { ...found, location: { ...placed, resource: logicalId } };
}

export function resourcesOf({ resolved }: RuleInput, type: string): Resource[] {
  return resolved.resources.filter((resource) => resource.type === type);
}
