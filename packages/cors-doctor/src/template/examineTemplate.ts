/** Examines a template: the responses of its methods, the findings, and what is not examined. */
import {
  type Deployment,
  loadTemplate,
  type ReadFile,
  type Remark,
  type Template,
  type TemplateFinding,
} from 'sam-template';
import { linterFindings } from './checks';
import { httpApiFindings } from './httpApi';
import { originFindings } from './origins';
import { examinePreflights } from './preflights';
import { routeResponses, type RouteResponse } from './routes';
import { serverlessFindings } from './serverlessApi';
import { findApis, type TemplateApis } from './templateApis';
import { compareOutcomes, type Outcome } from './undecided';
import { webSocketFindings } from './webSocketApi';

export interface TemplateExamination {
  routes: readonly RouteResponse[];
  /** The conditions that are known only at deployment. The routes assume that they are true. */
  assumedConditions: readonly string[];
  /** Sorted by line. */
  findings: readonly TemplateFinding[];
  /** Parts that can affect the verdict, but are known only at deployment or not supported. Sorted by line. */
  notExamined: readonly Remark[];
}

/** The account and region of the examples in the AWS documentation. */
const EXAMPLE_DEPLOYMENT = { region: 'us-east-1', accountId: '123456789012' };

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
  const outcome = (assumedConditions: Readonly<Record<string, boolean>>) =>
    examineDeployment(template, { ...EXAMPLE_DEPLOYMENT, parameters, assumedConditions });
  const { subject, ...first } = await outcome({});
  const examined = await compareOutcomes(first, subject.resolved.undecided, outcome);
  return {
    routes: routeResponses(subject),
    assumedConditions: subject.resolved.undecided.map(({ name }) => name),
    findings: [...examined.findings].sort((left, right) => left.location.line - right.location.line),
    notExamined: [...examined.notExamined].sort((left, right) => left.line - right.line),
  };
}

async function examineDeployment(
  template: Template,
  deployment: Deployment,
): Promise<Outcome & { subject: TemplateApis }> {
  const subject = findApis(template, deployment);
  const preflights = await examinePreflights(subject);
  return {
    subject,
    findings: [
      ...linterFindings(subject, deployment),
      ...serverlessFindings(subject),
      ...httpApiFindings(subject),
      ...originFindings(subject.apis),
      ...webSocketFindings(subject),
      ...preflights.findings,
    ],
    notExamined: [...subject.notExamined, ...preflights.notExamined],
  };
}
