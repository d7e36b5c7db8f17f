/** All that is known to go wrong with a template of a REST API, found before it is deployed. No I/O. */
import type { CorsPolicy } from 'cors-policy';
import { rawApis } from '../api/rawApi';
import type { Template } from '../template/parse';
import { resolveTemplate, type Deployment } from '../template/resolve';
import { corsHeaders } from './corsHeaders';
import { declaredHeaders, declaredResponses } from './declaredResponses';
import { deploymentComplete, reachable, stage } from './deployment';
import type { Rule, TemplateFinding } from './finding';
import { policyActions, policyResources } from './functionPolicy';
import { gatewayErrors } from './gatewayErrors';
import { mockResponse, mockStatus, mockText } from './mock';
import { permission } from './permission';
import { preflightOpen, preflightRoute } from './preflights';
import { references } from './references';
import { samLocalOrder } from './samLocalOrder';
import { specification } from './specification';
import { streamingTimeout, streamingUri } from './streaming';

const CHECKS: readonly Rule[] = [
  references,
  specification,
  samLocalOrder,
  reachable,
  preflightRoute,
  preflightOpen,
  mockStatus,
  mockText,
  mockResponse,
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
 * Checks a template as it comes out with the parameters of one deployment.
 *
 * @param policy what its preflights are to be answered by; without one they are not compared with any.
 */
export function checkTemplate(
  template: Template,
  deployment: Deployment,
  policy?: CorsPolicy,
): TemplateFinding[] {
  const resolved = resolveTemplate(template, deployment);
  const subject = { template, resolved, apis: rawApis(resolved), policy };
  return CHECKS.flatMap((check) => check(subject));
}
