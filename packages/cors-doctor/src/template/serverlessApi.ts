/** What goes wrong with the APIs that SAM makes: Cors, authorizers, and errors of the gateway. No I/O. */
import type { Api } from 'sam-template';
import { flag, record, strings, text } from 'sam-template';
import { needsOf, type Needs } from '../needs';
import { functionHeaders, samCors } from '../platforms/gatewayLines';
import { templateFinding, type TemplateFinding } from './finding';
import { pageCall } from './routes';
import { apiProperties, placeOf, type TemplateSubject } from './subject';

type Check = (subject: TemplateSubject, api: Api) => TemplateFinding[];

export function serverlessFindings(subject: TemplateSubject): TemplateFinding[] {
  return subject.serverless.flatMap((api) => CHECKS.flatMap((check) => check(subject, api)));
}

/** What calls of all its methods need. */
function needs(api: Api): Needs {
  const methods = new Set(
    api.methods.map(({ httpMethod }) => httpMethod).filter((method) => method !== 'OPTIONS'),
  );
  const all = methods.has('ANY') ? ['DELETE', 'GET', 'PATCH', 'POST', 'PUT'] : [...methods];
  return { ...needsOf(pageCall(api, '/', 'POST')), method: all.join(',') };
}

/** Without Cors no OPTIONS is there, unless an event takes it. */
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
      `${paths.join(', ')}: no Cors, and no event takes OPTIONS: a preflight gets 403 "Missing Authentication Token"`,
      'Write this under Globals: Api:, or in the Properties of the AWS::Serverless::Api.',
      samCors(needs(api)),
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
      `SAM puts its DefaultAuthorizer ${authorizer} on OPTIONS as well, and a preflight has no credentials: it gets 401`,
      'Write this beside DefaultAuthorizer.',
      ['AddDefaultAuthorizerToCorsPreflight: false'],
    ),
  ];
};

/** Browsers take no * where credentials are sent, and SAM refuses the two together. */
const wildcardCredentials: Check = (subject, api) => {
  const cors = record(apiProperties(subject, api), 'Cors');
  const origin = text(cors, 'AllowOrigin');
  if (!flag(cors, 'AllowCredentials') || (origin !== undefined && origin !== "'*'")) return [];
  return [
    templateFinding(
      placeOf(subject, api),
      'sam-wildcard-credentials',
      'error',
      `AllowCredentials with AllowOrigin ${origin ?? 'left out'}: SAM refuses to deploy it, and with credentials a browser does not take * for any origin`,
      'Name the origin, or take AllowCredentials away.',
      [`AllowOrigin: "'${needs(api).origin}'"`],
    ),
  ];
};

/** `Cors: '*'` without the quotes inside is an expression that API Gateway refuses. */
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
        `${name}: ${value} has no single quotes inside the double ones: the deployment fails`,
        'Write it so.',
        [`${name}: "'${value}'"`],
      ),
    );
};

/** The difference that makes a front end work locally and fail deployed. */
const functionHeadersNeeded: Check = (subject, api) => {
  const functions = new Set(api.methods.flatMap(({ integration }) => integration.functionId ?? []));
  if (apiProperties(subject, api).Cors === undefined || functions.size === 0) return [];
  return [
    templateFinding(
      placeOf(subject, api),
      'passes-locally-fails-deployed',
      'warning',
      `Cors answers preflights and nothing else. sam local adds its headers to the answers of ${[...functions].join(', ')} as well; deployed, they have those alone that the function returns`,
      'Let the function return these headers, on errors as well.',
      functionHeaders(needs(api)),
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
      `${missing.join(' and ')} of the gateway itself (401, 413, 429, 504 …) have no Access-Control-Allow-Origin: a page sees a CORS error instead`,
      'Write this in the Properties of the AWS::Serverless::Api.',
      [
        'GatewayResponses:',
        ...missing.flatMap((type) => [
          `  ${type}:`,
          '    ResponseParameters:',
          '      Headers:',
          `        Access-Control-Allow-Origin: "'${needs(api).origin}'"`,
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
