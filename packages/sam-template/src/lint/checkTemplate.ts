/** Runs every rule of the linter on a template of a REST API before it is deployed. No I/O. */
import type { CorsPolicy } from 'cors-policy';
import { apisOf } from '../api/apisOf';
import type { Template } from '../template/parse';
import { resolveTemplate, type Deployment } from '../template/resolve';
import { corsHeaders } from './corsHeaders';
import { declaredHeaders, declaredResponses } from './declaredResponses';
import { deploymentComplete, reachable, stage } from './deployment';
import type { Rule, RuleInput, TemplateFinding } from './rule';
import { policyActions, policyResources } from './functionPolicy';
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
 * Checks a template with the parameters of one deployment.
 *
 * @param policy the CORS policy that preflight responses must follow; if undefined, they are not compared.
 */
export function checkTemplate(
  template: Template,
  deployment: Deployment,
  policy?: CorsPolicy,
): TemplateFinding[] {
  const resolved = resolveTemplate(template, deployment);
  const { apis, notExamined } = apisOf(resolved);
  const rest = apis.filter(({ kind }) => kind === 'REST');
  const subject: RuleInput = {
    template,
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
