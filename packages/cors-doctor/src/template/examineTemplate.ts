/** Examines a template: the responses of its methods, and the findings. No I/O. */
import { type Deployment, parseTemplate, type TemplateFinding } from 'sam-template';
import { checked } from './checks';
import { httpApiFindings } from './httpApi';
import { preflightFindings } from './preflights';
import { routeResponses, type RouteResponse } from './routes';
import { serverlessFindings } from './serverlessApi';
import { findApis } from './templateApis';

export interface TemplateExamination {
  routes: readonly RouteResponse[];
  /** Sorted by line. */
  findings: readonly TemplateFinding[];
}

/** The account and region of the examples in the AWS documentation. */
const EXAMPLE_DEPLOYMENT = { region: 'us-east-1', accountId: '123456789012' };

/**
 * Examines the text of a template.
 *
 * @throws TemplateError if the text is not a valid template.
 */
export async function examineTemplate(
  text: string,
  parameters: Readonly<Record<string, string>>,
): Promise<TemplateExamination> {
  const template = parseTemplate(text);
  const deployment: Deployment = { ...EXAMPLE_DEPLOYMENT, parameters };
  const subject = findApis(template, deployment);
  const findings = [
    ...checked(subject, deployment),
    ...serverlessFindings(subject),
    ...httpApiFindings(subject),
    ...(await preflightFindings(subject)),
  ];
  return {
    routes: routeResponses(subject),
    findings: findings.sort((left, right) => left.location.line - right.location.line),
  };
}
