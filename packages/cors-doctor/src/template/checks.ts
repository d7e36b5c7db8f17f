/** The checks of gateway/checks, as far as they have to do with a page's call, in the doctor's words. No I/O. */
import { checkTemplate } from 'sam-template';
import type { Finding as Checked } from 'sam-template';
import type { Template } from 'sam-template';
import type { Deployment } from 'sam-template';
import type { Finding } from '../finding';
import { needsOf } from '../needs';
import { gatewayResponses, MOCK_LINES, optionsMethod } from '../platforms/gatewayLines';
import { pageCall } from './routes';
import { templateFinding, type TemplateFinding } from './finding';
import { isSamMade } from './samMade';
import { withStandIn } from './strayMethods';
import type { TemplateSubject } from './subject';

/** Checks of what a function may do in DynamoDB are for this project's template, and not for others. */
const LEFT_OUT = 'policy-';

const WARNINGS: Readonly<Record<string, Finding['severity']>> = {
  'gateway-errors': 'warning',
  'streaming-timeout': 'warning',
};

const NEEDS = needsOf(
  pageCall(
    { logicalId: '', stage: '', binaryMediaTypes: [], methods: [], gatewayResponses: new Map() },
    '/',
    'POST',
  ),
);

/** Lines to write for the checks whose mend is always the same. */
const LINES: Readonly<Record<string, readonly string[]>> = {
  'preflight-route': optionsMethod(NEEDS),
  'preflight-open': ['AuthorizationType: NONE'],
  'mock-status': MOCK_LINES.slice(0, 1),
  'mock-text': MOCK_LINES.slice(1),
};

export function checked({ template, resolved }: TemplateSubject, deployment: Deployment): TemplateFinding[] {
  const found = [
    ...checkTemplate(template, deployment),
    ...strayFindings({ template, resolved }, deployment),
  ].filter(({ check, reason }) => !check.startsWith(LEFT_OUT) && !namesSamMade(reason, template));
  const errors = found.find(({ check }) => check === 'gateway-errors');
  return found.map((one) => converted(one, one === errors ? gatewayResponses(NEEDS) : LINES[one.check]));
}

/** What else is wrong with methods that are of no API, as far as it can be told without one. */
function strayFindings(
  { template, resolved }: Pick<TemplateSubject, 'template' | 'resolved'>,
  deployment: Deployment,
): Checked[] {
  const standIn = withStandIn(template, resolved);
  if (standIn === undefined) return [];
  return checkTemplate(standIn.template, deployment).filter(
    ({ check, resource }) => OF_A_METHOD.test(check) && standIn.stray.includes(resource),
  );
}

const OF_A_METHOD = /^(?:mock|declared|preflight-open)/;

function namesSamMade(reason: string, template: Template): boolean {
  const name = /^(?:Ref|Fn::GetAtt|it depends on) (\w+)/.exec(reason)?.[1];
  return name !== undefined && isSamMade(name, template);
}

function converted({ check, resource, line, reason, mend }: Checked, lines: readonly string[] = []) {
  const severity = WARNINGS[check] ?? 'error';
  return templateFinding({ logicalId: resource, line }, check, severity, reason, `${mend}.`, lines);
}
