/** Runs every rule of the linter on a template of a REST API before it is deployed. No I/O. */
import type { CorsPolicy } from 'cors-policy';
import { rawApis } from '../api/rawApi';
import type { Template } from '../template/parse';
import { resolveTemplate, type Deployment } from '../template/resolve';
import { corsHeaders } from './corsHeaders';
import { declaredHeaders, declaredResponses } from './declaredResponses';
import { deploymentComplete, reachable, stage } from './deployment';
import type { Rule, TemplateFinding } from './rule';
import { policyActions, policyResources } from './functionPolicy';
import { gatewayErrors } from './gatewayErrors';
import { mockResponseStatus, mockStatus, mockText } from './mockIntegration';
import { permission } from './permission';
import { preflightOpen, preflightRoute } from './preflights';
import { references } from './missingReferences';
import { samLocalOrder } from './samLocalOrder';
import { specification } from './specification';
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
  const subject = { template, resolved, apis: rawApis(resolved), policy };
  return RULES.flatMap((rule) => rule(subject));
}
