/** Checks the APIs that SAM generates: Cors, authorizers, and gateway errors. No I/O. */
import { type Api, flag, record, strings, type TemplateFinding, text } from 'sam-template';
import { requirementsOf, type CorsRequirements } from '../corsRequirements';
import { functionHeaders, samCors } from '../platforms/templateLines';
import { templateFinding } from './finding';
import { pageCall } from './routes';
import { apiProperties, placeOf, type TemplateApis } from './templateApis';

type Check = (subject: TemplateApis, api: Api) => TemplateFinding[];

export function serverlessFindings(subject: TemplateApis): TemplateFinding[] {
  return subject.serverless.flatMap((api) => CHECKS.flatMap((check) => check(subject, api)));
}

/** The CORS headers that requests to all methods of an API need. */
function requirements(api: Api): CorsRequirements {
  const methods = new Set(
    api.methods.map(({ httpMethod }) => httpMethod).filter((method) => method !== 'OPTIONS'),
  );
  const all = methods.has('ANY') ? ['DELETE', 'GET', 'PATCH', 'POST', 'PUT'] : [...methods];
  return { ...requirementsOf(pageCall(api, '/', 'POST')), method: all.join(',') };
}

/** Without Cors there is no OPTIONS method, unless an event declares it. */
const missingCors: Check = (subject, api) => {
  const paths = [...new Set(api.methods.map(({ path }) => path))].filter(
    (path) => !api.methods.some((one) => one.path === path && /^(?:OPTIONS|ANY)$/.test(one.httpMethod)),
  );
  if (paths.length === 0) return [];
  return [
    templateFinding(
      placeOf(subject, api),
      'sam-cors-missing',
      'error',
      `${paths.join(', ')}: Cors is missing, and no event handles OPTIONS. A preflight returns 403 "Missing Authentication Token".`,
      'Add this under Globals: Api:, or to the Properties of the AWS::Serverless::Api.',
      samCors(requirements(api)),
    ),
  ];
};

/** https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-api-apiauth.html */
const authorizedPreflight: Check = (subject, api) => {
  const properties = apiProperties(subject, api);
  const auth = record(properties, 'Auth');
  const authorizer = text(auth, 'DefaultAuthorizer');
  const explicit = auth.AddDefaultAuthorizerToCorsPreflight;
  if (authorizer === undefined || properties.Cors === undefined) return [];
  if (explicit === false || explicit === 'false') return [];
  return [
    templateFinding(
      placeOf(subject, api),
      'sam-authorizer-on-preflight',
      'error',
      `SAM adds the DefaultAuthorizer ${authorizer} to OPTIONS too. A preflight has no credentials, so it returns 401.`,
      'Add this next to DefaultAuthorizer.',
      ['AddDefaultAuthorizerToCorsPreflight: false'],
    ),
  ];
};

/** Browsers block * with credentials, and SAM rejects the combination. */
const wildcardCredentials: Check = (subject, api) => {
  const cors = record(apiProperties(subject, api), 'Cors');
  const origin = text(cors, 'AllowOrigin');
  if (!flag(cors, 'AllowCredentials') || (origin !== undefined && origin !== "'*'")) return [];
  return [
    templateFinding(
      placeOf(subject, api),
      'sam-wildcard-credentials',
      'error',
      `AllowCredentials with AllowOrigin ${origin ?? 'unset'}: SAM rejects the template, and browsers block * with credentials.`,
      'Name the origin, or remove AllowCredentials.',
      [`AllowOrigin: "'${requirements(api).origin}'"`],
    ),
  ];
};

/** API Gateway rejects `Cors: '*'`: the value must contain single quotes, as in `"'*'"`. */
const unquotedCors: Check = (subject, api) => {
  const { Cors } = apiProperties(subject, api);
  const settings = typeof Cors === 'string' ? { Cors } : strings({ Cors }, 'Cors');
  return Object.entries(settings)
    .filter(([name]) => /^(?:Cors|Allow(?:Origin|Methods|Headers)|MaxAge)$/.test(name))
    .filter(([, value]) => !/^'.*'$/.test(value))
    .map(([name, value]) =>
      templateFinding(
        placeOf(subject, api),
        'sam-cors-quotes',
        'error',
        `${name}: ${value} needs single quotes inside double quotes. Without them the deployment fails.`,
        'Use this value.',
        [`${name}: "'${value}'"`],
      ),
    );
};

/** Finds APIs that allow a front end under `sam local` but not after deployment. */
const functionHeadersNeeded: Check = (subject, api) => {
  const functions = new Set(api.methods.flatMap(({ integration }) => integration.functionId ?? []));
  if (apiProperties(subject, api).Cors === undefined || functions.size === 0) return [];
  return [
    templateFinding(
      placeOf(subject, api),
      'passes-locally-fails-deployed',
      'warning',
      `Cors applies to preflights only. sam local also adds its headers to the responses of ${[...functions].join(', ')}. After deployment, responses have only the headers that the function returns.`,
      'Return these headers from the function, on errors too.',
      functionHeaders(requirements(api)),
    ),
  ];
};

const gatewayErrors: Check = (subject, api) => {
  const missing = ['DEFAULT_4XX', 'DEFAULT_5XX'].filter((type) => {
    const names = Object.keys(api.gatewayResponses.get(type)?.responseParameters ?? {});
    return !names.some((name) => /\.access-control-allow-origin$/i.test(name));
  });
  if (missing.length === 0) return [];
  return [
    templateFinding(
      placeOf(subject, api),
      'gateway-errors',
      'warning',
      `The gateway responses ${missing.join(' and ')} (401, 413, 429, 504 and others) have no Access-Control-Allow-Origin. The web page sees a CORS error instead of the status.`,
      'Add this to the Properties of the AWS::Serverless::Api.',
      [
        'GatewayResponses:',
        ...missing.flatMap((type) => [
          `  ${type}:`,
          '    ResponseParameters:',
          '      Headers:',
          `        Access-Control-Allow-Origin: "'${requirements(api).origin}'"`,
        ]),
      ],
    ),
  ];
};

const CHECKS: readonly Check[] = [
  missingCors,
  authorizedPreflight,
  wildcardCredentials,
  unquotedCors,
  functionHeadersNeeded,
  gatewayErrors,
];
