/** Finds preflights that SAM guards: they have no credentials, so API Gateway rejects them. No I/O. */
import { type Api, type ApiMethod, isOpen, record, type TemplateFinding, Unknown } from 'sam-template';
import { templateFinding } from './finding';
import { needsPreflight, optionsRoute, pathsOf } from './paths';
import { apiProperties, type TemplateApis } from './templateApis';

/** https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-api-apiauth.html */
export function guardedPreflight(subject: TemplateApis, api: Api): TemplateFinding[] {
  const auth = record(apiProperties(subject, api), 'Auth');
  const paths = pathsOf(api).filter((path) => needsPreflight(api, path));
  return GUARDS.flatMap(({ ruleId, isGuarded, describe, property }) => {
    if (auth[property] instanceof Unknown || isOpen(auth)) return [];
    const guarded = paths.filter((path) => {
      const method = optionsRoute(api, path);
      return method !== undefined && isGuarded(method);
    });
    const [first] = guarded;
    const method = first === undefined ? undefined : optionsRoute(api, first);
    if (method === undefined) return [];
    const isMock = method.origin === 'cors';
    return [
      templateFinding(
        api.place,
        ruleId,
        'error',
        `OPTIONS ${guarded.join(', ')} requires ${describe(method)}. A preflight has no credentials, so it returns ${statusOf(method)}.`,
        isMock
          ? 'Add this to Auth.'
          : 'Add Cors, so that SAM creates an OPTIONS method, and add this to Auth.',
        [`${property}: false`],
      ),
    ];
  });
}

interface Guard {
  ruleId: string;
  isGuarded: (method: ApiMethod) => boolean;
  describe: (method: ApiMethod) => string;
  property: string;
}

const GUARDS: readonly Guard[] = [
  {
    ruleId: 'sam-authorizer-on-preflight',
    isGuarded: ({ authorizationType }) => !['NONE', 'UNKNOWN'].includes(authorizationType),
    describe: ({ authorizer, authorizationType }) =>
      `the authorizer ${authorizer?.name ?? authorizationType}`,
    property: 'AddDefaultAuthorizerToCorsPreflight',
  },
  {
    ruleId: 'sam-api-key-on-preflight',
    isGuarded: ({ apiKeyRequired }) => apiKeyRequired,
    describe: () => 'an API key',
    property: 'AddApiKeyRequiredToCorsPreflight',
  },
];

function statusOf({ authorizationType }: ApiMethod): number {
  return ['NONE', 'AWS_IAM'].includes(authorizationType) ? 403 : 401;
}
