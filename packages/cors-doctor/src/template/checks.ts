/** Runs the linter of sam-template, and adds the lines to write to its findings. No I/O. */
import { checkResolved, resolveTemplate, type TemplateFinding } from 'sam-template';
import { requirementsOf } from '../corsRequirements';
import { gatewayResponses, MOCK_LINES, optionsMethod } from '../platforms/templateLines';
import { pageCall } from './routes';
import { withStandIn } from './methodsWithoutApi';
import type { TemplateApis } from './templateApis';

/** Rules about a function's permissions in DynamoDB apply only to the template of this project. */
const EXCLUDED_RULES = 'policy-';

const NEEDS = requirementsOf(pageCall('https://api.invalid/', 'POST'));

/** The lines to write for rules whose fix is always the same. */
const LINES: Readonly<Record<string, readonly string[]>> = {
  'preflight-route': optionsMethod(NEEDS),
  'preflight-open': ['AuthorizationType: NONE'],
  'sam-wildcard-credentials': [`AllowOrigin: "'${NEEDS.origin}'"`],
  'http-api-wildcard-credentials': [`AllowOrigins: ['${NEEDS.origin}']`],
  'mock-status': MOCK_LINES.slice(0, 1),
  'mock-text': MOCK_LINES.slice(1),
};

export function linterFindings({ template, resolved }: TemplateApis): TemplateFinding[] {
  const found = [...checkResolved(resolved), ...strayFindings({ template, resolved })].filter(
    ({ ruleId }) => !ruleId.startsWith(EXCLUDED_RULES),
  );
  const errors = found.find(({ ruleId }) => ruleId === 'gateway-errors');
  return found.map((one) => withLines(one, one === errors ? gatewayResponses(NEEDS) : LINES[one.ruleId]));
}

/** Findings about methods that belong to no API, as far as they can be examined without one. */
function strayFindings({
  template,
  resolved,
}: Pick<TemplateApis, 'template' | 'resolved'>): TemplateFinding[] {
  const standIn = withStandIn(template, resolved);
  if (standIn === undefined) return [];
  return checkResolved(resolveTemplate(standIn.template, resolved.deployment)).filter(
    ({ ruleId, location }) => METHOD_RULES.test(ruleId) && standIn.stray.includes(location.resource),
  );
}

/** The rules that examine one method. */
const METHOD_RULES = /^(?:mock|declared|preflight-open)/;

function withLines(found: TemplateFinding, lines: readonly string[] = []): TemplateFinding {
  return { ...found, fix: { description: `${found.fix.description}.`, lines } };
}
