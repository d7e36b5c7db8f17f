/** API Gateway REST APIs: detects and explains the responses that the gateway itself sends. */
import { failsAtPreflight, lacksOrigin, messageOf, type Evidence } from '../evidence';
import type { Finding } from 'sam-template';
import { finding } from '../finding';
import { headerOf, type HttpResponse } from '../headers';
import { type CorsRequirements } from '../corsRequirements';
import { requiredBy } from './lines';
import { isFunctionUrl } from './functionUrl';
import { functionHeaders, gatewayResponses, MOCK_LINES, optionsMethod, samCors } from './templateLines';
import { isHttpApi } from './httpApi';
import { isWerkzeug } from './samLocal';
import type { Platform } from './platform';

export const apiGateway: Platform = {
  name: 'API Gateway (REST API)',
  detect: (response, { hostname }) =>
    isRestApi(response) && !isFunctionUrl(hostname) ? 'certain' : undefined,
  sender: 'API Gateway',
  allow(evidence) {
    const required = requiredBy(evidence);
    return failsAtPreflight(evidence)
      ? { description: SAM, lines: samCors(required) }
      : {
          description: 'Return these headers from the function, on errors too.',
          lines: functionHeaders(required),
        };
  },
  explain(evidence) {
    const required = requiredBy(evidence);
    if (failsAtPreflight(evidence) && evidence.preflight !== undefined) {
      return atPreflight(evidence.preflight, evidence, required);
    }
    return atRequest(evidence, required);
  },
};

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html */
export function isRestApi(response: HttpResponse): boolean {
  if (isWerkzeug(response) || isHttpApi(response)) return false;
  return ['x-amzn-requestid', 'x-amzn-errortype', 'x-amz-apigw-id'].some(
    (name) => headerOf(response, name) !== undefined,
  );
}

const SAM =
  'With SAM, add these lines to the Properties of the AWS::Serverless::Api, or to Api under Globals, in place of the Cors that is there. Then deploy. SAM adds an OPTIONS method to each path.';

/** For templates that declare the methods themselves. */
function withoutSam(required: CorsRequirements): Finding {
  return finding(
    'without-sam',
    'note',
    'A template without AWS::Serverless::Api needs an OPTIONS method of its own. API Gateway sends a header only if the integration response maps it and the method response declares it.',
    'Declare it like this, add it to the DependsOn of the Deployment, and deploy the stage again.',
    optionsMethod(required),
  );
}

/** Returns whether the gateway itself sent this error, without calling an integration. */
export function isGatewayError(response: HttpResponse): boolean {
  return headerOf(response, 'x-amzn-errortype') !== undefined && response.status >= 400;
}

function atPreflight(preflight: HttpResponse, { call }: Evidence, required: CorsRequirements): Finding[] {
  const { pathname } = new URL(call.url);
  const message = messageOf(preflight) ?? '';
  const type = headerOf(preflight, 'x-amzn-errortype') ?? '';
  if (preflight.status === 403 && isNoMethod(message)) {
    return [
      finding(
        'no-options-method',
        'error',
        `The deployed stage has no OPTIONS method on ${pathname}. API Gateway returns "Missing Authentication Token" for an unknown path or method; it has nothing to do with authentication.`,
        `Check that the path is right and that its first segment, ${firstSegment(pathname)}, is the stage. ${SAM}`,
        samCors(required),
      ),
      withoutSam(required),
    ];
  }
  if (preflight.status === 500) {
    return [
      finding(
        'mock-without-status',
        'error',
        'The MOCK integration of OPTIONS fails. Either its request template does not produce an integer statusCode, or the API has binary media types and the integration does not set ContentHandling: CONVERT_TO_TEXT.',
        'Add these lines to the Integration of the OPTIONS method, and deploy the stage again.',
        MOCK_LINES,
      ),
    ];
  }
  if (preflight.status === 401 || preflight.status === 403) {
    const isKey = preflight.status === 403 && `${type} ${message}`.includes('Forbidden');
    return [
      finding(
        isKey ? 'preflight-needs-key' : 'preflight-needs-credentials',
        'error',
        `The OPTIONS method requires ${isKey ? 'an API key' : 'credentials'}, which a browser never sends with a preflight (${preflight.status} ${message}).`,
        isKey
          ? 'Add this to the OPTIONS method, and require the key on the other methods only. A resource policy or a WAF rule returns the same 403, so check those too.'
          : 'Add this to the OPTIONS method, and keep the authorizer on the other methods only. In the Auth of a SAM API, set AddDefaultAuthorizerToCorsPreflight: false.',
        isKey ? ['ApiKeyRequired: false'] : ['AuthorizationType: NONE'],
      ),
    ];
  }
  return [withoutSam(required)];
}

function atRequest(evidence: Evidence, required: CorsRequirements): Finding[] {
  const { request, call } = evidence;
  if (request === undefined || !isGatewayError(request)) return [];
  const message = messageOf(request) ?? '';
  const found: Finding[] = [];
  if (request.status === 403 && isNoMethod(message)) {
    found.push(
      finding(
        'no-method',
        'error',
        `The deployed stage has no ${call.method} method on this path. API Gateway then returns 403 "Missing Authentication Token"${message.includes('Credential') ? ' or, if there is an Authorization header, an error about its signature' : ''}.`,
        'Start the path with the stage, declare the method, add it to the DependsOn of the Deployment, and deploy the stage again.',
      ),
    );
  }
  if (lacksOrigin(evidence)) {
    found.push(
      finding(
        'gateway-error-without-cors',
        'error',
        `API Gateway itself returned ${request.status} ${JSON.stringify(message)}, and its errors have no CORS headers. The web page sees a CORS error instead of the status.`,
        'Add gateway responses with the header, and fix the cause of the status.',
        gatewayResponses(required),
      ),
    );
  }
  return found;
}

/** API Gateway uses the second message for requests with an Authorization header. */
function isNoMethod(message: string): boolean {
  return (
    message === 'Missing Authentication Token' ||
    /requires 'Credential' parameter|Invalid key=value pair/.test(message)
  );
}

function firstSegment(pathname: string): string {
  return `/${pathname.split('/')[1] ?? ''}`;
}
