/** Examines a template: the responses of its methods, the findings, and what is not examined. */
import {
  loadTemplate,
  partsOf,
  placeFinding,
  placeIn,
  type ReadFile,
  type Remark,
  type ResolvedTemplate,
  resolveTemplate,
  type TemplateFinding,
  type TemplatePart,
} from 'sam-template';
import { linterFindings } from './checks';
import { httpApiFindings } from './httpApi';
import { originFindings } from './origins';
import { examinePreflights } from './preflights';
import { routeResponses, type RouteResponse } from './routes';
import { serverlessFindings } from './serverlessApi';
import { findApis } from './templateApis';
import { type Assumptions, compareOutcomes, type Outcome } from './undecided';
import { webSocketFindings } from './webSocketApi';

export interface TemplateExamination {
  routes: readonly RouteResponse[];
  /** The conditions that are known only at deployment. The routes assume that they are true. */
  assumedConditions: readonly string[];
  /** Sorted by file and line. */
  findings: readonly TemplateFinding[];
  /** Parts that can affect the verdict, but are known only at deployment or not supported. Sorted by file and line. */
  notExamined: readonly Remark[];
}

/** The account and region of the examples in the AWS documentation. */
const EXAMPLE_DEPLOYMENT = { region: 'us-east-1', accountId: '123456789012', isExample: true };

/**
 * Examines the text of a template.
 *
 * @param readFile reads the files that the template includes; its paths are relative to the template.
 * @throws TemplateError if the text is not a valid template.
 */
export async function examineTemplate(
  text: string,
  parameters: Readonly<Record<string, string>>,
  readFile?: ReadFile,
): Promise<TemplateExamination> {
  const template = await loadTemplate(text, readFile);
  const resolve = (assumedConditions: Assumptions) =>
    resolveTemplate(template, { ...EXAMPLE_DEPLOYMENT, parameters, assumedConditions });
  const examined = await compareOutcomes((assumed) => examineResolved(resolve(assumed)));
  const assumed = resolve({});
  return {
    routes: routeResponses(assumed),
    assumedConditions: assumed.undecided.map(({ name }) => name),
    findings: [...examined.findings].sort((left, right) => byPlace(left.location, right.location)),
    notExamined: [...examined.notExamined].sort(byPlace),
  };
}

/** The outermost template comes first. */
function byPlace(left: PlaceInFile, right: PlaceInFile): number {
  const [file = '', other = ''] = [left.file, right.file];
  if (file !== other) return file < other ? -1 : 1;
  return left.line - right.line;
}

type PlaceInFile = Pick<Remark, 'file' | 'line'>;

async function examineResolved(resolved: ResolvedTemplate): Promise<Outcome> {
  const parts = await Promise.all(partsOf(resolved).map(examinePart));
  return {
    findings: parts.flatMap(({ findings }) => findings),
    notExamined: parts.flatMap(({ notExamined }) => notExamined),
    undecided: resolved.undecided,
  };
}

async function examinePart(part: TemplatePart): Promise<Pick<Outcome, 'findings' | 'notExamined'>> {
  const subject = findApis(part.resolved);
  const preflights = await examinePreflights(subject);
  const findings = [
    ...linterFindings(subject),
    ...serverlessFindings(subject),
    ...httpApiFindings(subject),
    ...originFindings(subject.apis),
    ...webSocketFindings(subject),
    ...preflights.findings,
  ];
  const remarks = [...subject.notExamined, ...preflights.notExamined];
  return {
    findings: findings.map((found) => placeFinding(part, found)),
    notExamined: remarks.map((remark) => placeIn(part, remark)),
  };
}
