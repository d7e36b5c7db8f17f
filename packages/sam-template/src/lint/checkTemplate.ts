/** Runs every rule of the linter on a template of a REST API before it is deployed. No I/O. */
import type { CorsPolicy } from 'cors-policy';
import { ownApisOf } from '../api/apisOf';
import type { Template } from '../template/parse';
import { partsOf } from '../template/parts';
import { resolveTemplate, type Deployment, type ResolvedTemplate } from '../template/resolve';
import { corsHeaders } from './corsHeaders';
import { declaredHeaders, declaredResponses } from './declaredResponses';
import { deploymentComplete, reachable, stage } from './deployment';
import { placeFinding, type Rule, type RuleInput, type TemplateFinding } from './rule';
import { policyActions, policyResources } from './functionPolicy';
import { definitionFunctions } from './definitionFunctions';
import { eventApis, eventsWithoutMethod } from './eventApis';
import { gatewayErrors } from './gatewayErrors';
import { gatewayResponseQuotes } from './gatewayResponseQuotes';
import { lambdaMethod } from './lambdaMethod';
import { mockResponseStatus, mockStatus, mockText } from './mockIntegration';
import { permission } from './permission';
import { preflightOpen, preflightRoute } from './preflights';
import { references } from './missingReferences';
import { rejectedApis } from './rejectedApis';
import { invalidEvents, rejectedEvents } from './rejectedEvents';
import { resourceAttributes } from './resourceAttributes';
import { samLocalOrder } from './samLocalOrder';
import { specification } from './specification';
import { wildcardCredentials } from './wildcardCredentials';
import { streamingTimeout, streamingUri } from './streaming';

const RULES: readonly Rule[] = [
  references,
  specification,
  samLocalOrder,
  reachable,
  preflightRoute,
  preflightOpen,
  mockStatus,
  mockText,
  mockResponseStatus,
  declaredResponses,
  declaredHeaders,
  corsHeaders,
  gatewayErrors,
  lambdaMethod,
  gatewayResponseQuotes,
  resourceAttributes,
  wildcardCredentials,
  rejectedApis,
  rejectedEvents,
  invalidEvents,
  definitionFunctions,
  eventApis,
  eventsWithoutMethod,
  streamingUri,
  streamingTimeout,
  deploymentComplete,
  stage,
  permission,
  policyActions,
  policyResources,
];

/**
 * Checks a template and those of its nested applications with the parameters of one deployment.
 *
 * @param policy the CORS policy that preflight responses must follow; if undefined, they are not compared.
 */
export function checkTemplate(
  template: Template,
  deployment: Deployment,
  policy?: CorsPolicy,
): TemplateFinding[] {
  return partsOf(resolveTemplate(template, deployment)).flatMap((part) =>
    checkResolved(part.resolved, policy).map((found) => placeFinding(part, found)),
  );
}

/** Checks a template without those of its nested applications. */
export function checkResolved(resolved: ResolvedTemplate, policy?: CorsPolicy): TemplateFinding[] {
  const { apis, notExamined } = ownApisOf(resolved);
  const rest = apis.filter(({ kind }) => kind === 'REST');
  const subject: RuleInput = {
    template: resolved.template,
    resolved,
    apis: rest.filter(({ declaredBy }) => declaredBy === 'CloudFormation'),
    allApis: apis,
    written: rest.map((api) => ({
      ...api,
      methods: api.methods.filter(({ origin }) => origin === 'resource' || origin === 'definition'),
    })),
    notExamined,
    policy,
  };
  return RULES.flatMap((rule) => rule(subject));
}
