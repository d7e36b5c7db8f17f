/** A template examined: what its methods will answer, and what will go wrong. No I/O. */
import { parseTemplate } from 'sam-template';
import type { Deployment } from 'sam-template';
import { checked } from './checks';
import type { TemplateFinding } from './finding';
import { httpApiFindings } from './httpApi';
import { preflightFindings } from './preflights';
import { routeAnswers, type RouteAnswer } from './routes';
import { serverlessFindings } from './serverlessApi';
import { subjectOf } from './subject';

export interface TemplateExamination {
  routes: readonly RouteAnswer[];
  /** In the order of their lines. */
  findings: readonly TemplateFinding[];
}

/** The account and region that examples in the documentation have. */
const SOMEWHERE = { region: 'us-east-1', accountId: '123456789012' };

/** @throws TemplateError where the text is no template. */
export async function examineTemplate(
  text: string,
  parameters: Readonly<Record<string, string>>,
): Promise<TemplateExamination> {
  const template = parseTemplate(text);
  const deployment: Deployment = { ...SOMEWHERE, parameters };
  const subject = subjectOf(template, deployment);
  const findings = [
    ...checked(subject, deployment),
    ...serverlessFindings(subject),
    ...httpApiFindings(subject),
    ...(await preflightFindings(subject)),
  ];
  return {
    routes: routeAnswers(subject),
    findings: findings.sort((left, right) => left.location.line - right.location.line),
  };
}
