/** Checks the REST APIs that SAM generates: Cors, preflights, and gateway errors. No I/O. */
import { type Api, strings, type TemplateFinding } from 'sam-template';
import { requirementsOf, type CorsRequirements } from '../corsRequirements';
import { functionHeaders, samCors } from '../platforms/templateLines';
import { templateFinding } from './finding';
import { guardedPreflight } from './guardedPreflight';
import { needsPreflight, optionsRoute, pathsOf } from './paths';
import { pageCall } from './routes';
import { apiProperties, isSetAtDeployment, type TemplateApis } from './templateApis';

type Check = (subject: TemplateApis, api: Api) => TemplateFinding[];

export function serverlessFindings(subject: TemplateApis): TemplateFinding[] {
  return subject.apis
    .filter(({ kind, declaredBy }) => kind === 'REST' && declaredBy === 'SAM')
    .flatMap((api) => CHECKS.flatMap((check) => check(subject, api)));
}

/** The CORS headers that requests to all methods of an API need. */
function requirements(api: Api): CorsRequirements {
  const methods = new Set(
    api.methods.map(({ httpMethod }) => httpMethod).filter((method) => method !== 'OPTIONS'),
  );
  const all = methods.has('ANY') ? ['DELETE', 'GET', 'PATCH', 'POST', 'PUT'] : [...methods];
  return { ...requirementsOf(pageCall('https://api.invalid/', 'POST')), methods: all };
}

/** Without Cors there is no OPTIONS method, unless an event or the definition declares it. */
const missingCors: Check = (subject, api) => {
  if (isSetAtDeployment(subject, api, 'Cors')) return [];
  const paths = pathsOf(api).filter((path) => optionsRoute(api, path) === undefined);
  const needed = paths.filter((path) => needsPreflight(api, path));
  const simple = paths.filter((path) => !needed.includes(path));
  const cause =
    'Cors is missing, and nothing else handles OPTIONS. A preflight returns 403 "Missing Authentication Token"';
  return [
    ...missingCorsFinding(api, 'error', needed, `${cause}.`),
    ...missingCorsFinding(
      api,
      'note',
      simple,
      `${cause}, which affects only requests with headers such as Authorization.`,
    ),
  ];
};

function missingCorsFinding(
  api: Api,
  severity: 'error' | 'note',
  paths: readonly string[],
  message: string,
): TemplateFinding[] {
  if (paths.length === 0) return [];
  return [
    templateFinding(
      api.place,
      'sam-cors-missing',
      severity,
      `${paths.join(', ')}: ${message}`,
      'Add this under Globals: Api:, or to the Properties of the AWS::Serverless::Api.',
      samCors(requirements(api)),
    ),
  ];
}

/** The OPTIONS method that SAM creates has no contentHandling, so it cannot read binary bodies. */
const binaryPreflight: Check = (_subject, api) => {
  const types = api.binaryMediaTypes.filter((type) => /^(?:\*|application)\/(?:\*|json)$/.test(type));
  if (types.length === 0 || !api.methods.some(({ origin }) => origin === 'cors')) return [];
  return [
    templateFinding(
      api.place,
      'sam-binary-preflight',
      'error',
      `BinaryMediaTypes ${types.join(', ')} applies to preflights too: the OPTIONS method that SAM creates returns 500.`,
      'List only the types that are binary.',
      ['BinaryMediaTypes: [image~1*]'],
    ),
  ];
};

/** API Gateway rejects `Cors: '*'`: the value must contain single quotes, as in `"'*'"`. */
const unquotedCors: Check = (subject, api) => {
  const { Cors } = apiProperties(subject, api);
  if (!api.methods.some(({ origin }) => origin === 'cors')) return [];
  const settings = typeof Cors === 'string' ? { Cors } : strings({ Cors }, 'Cors');
  return Object.entries(settings)
    .filter(([name]) => /^(?:Cors|Allow(?:Origin|Methods|Headers)|MaxAge)$/.test(name))
    .filter(([, value]) => !/^'.*'$/.test(value))
    .map(([name, value]) =>
      templateFinding(
        api.place,
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
      api.place,
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
  if (missing.length === 0 || isSetAtDeployment(subject, api, 'GatewayResponses')) return [];
  return [
    templateFinding(
      api.place,
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
  guardedPreflight,
  binaryPreflight,
  unquotedCors,
  functionHeadersNeeded,
  gatewayErrors,
];
