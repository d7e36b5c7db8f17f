/** Lambda function URLs. They respond to preflights themselves if CORS is configured. */
import { failsAtPreflight, messageOf, type Evidence } from '../evidence';
import type { Finding, Fix } from 'sam-template';
import { finding } from '../finding';
import { requiredBy } from './lines';
import { httpApiCors } from './templateLines';
import type { Platform } from './platform';

/** https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html#urls-cors */
export const functionUrl: Platform = {
  name: 'Lambda function URL',
  detect: (_response, { hostname }) => (isFunctionUrl(hostname) ? 'certain' : undefined),
  sender: 'the function URL',
  explain: denied,
  allow,
  deduplicate: (evidence) => ({
    description:
      'The function URL adds CORS headers, and the code of the function returns them too. Delete all Access-Control-… headers from the results of the function, and keep this configuration.',
    lines: allow(evidence).lines,
  }),
};

export function isFunctionUrl(hostname: string): boolean {
  return /\.lambda-url\.[a-z0-9-]+\.on\.aws$/.test(hostname);
}

function allow(evidence: Evidence): Fix {
  const [, ...lines] = httpApiCors(requiredBy(evidence));
  return {
    description:
      'Add Cors to FunctionUrlConfig of the AWS::Serverless::Function (or to the AWS::Lambda::Url), and deploy. The function must not return CORS headers itself, because then they are sent twice.',
    lines: ['FunctionUrlConfig:', '  Cors:', ...lines.map((line) => `  ${line}`)],
  };
}

function denied(evidence: Evidence): Finding[] {
  const { request, diagnosis } = evidence;
  if (diagnosis.verdict !== 'blocked' || failsAtPreflight(evidence)) return [];
  if (request?.status !== 403 || messageOf(request) !== 'Forbidden') return [];
  return [
    finding(
      'function-url-denied',
      'error',
      'The function URL denies the request with 403 before it runs the function, and this response has no CORS headers. Either AuthType is AWS_IAM and the request is not signed, or the resource policy does not allow calls.',
      'Sign the request. Or, only if the API is public, set AuthType: SAM then lets everybody call the URL.',
      ['FunctionUrlConfig:', '  AuthType: NONE'],
    ),
  ];
}
