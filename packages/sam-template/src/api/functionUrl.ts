/** Reads the URLs of functions: each is an API with one route, which Lambda serves without API Gateway. No I/O. */
import type { ResolvedTemplate } from '../template/resolve';
import type { Api, Place } from './api';
import { corsOf } from './httpCors';
import { functionIdOf, lambdaProxy } from './integration';
import { isRecord, record, text, type Properties } from './properties';
import { unknownIn } from './unknownParts';

/** https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html */
export function functionUrls({ resources }: ResolvedTemplate): Api[] {
  return resources.flatMap(({ logicalId, line, type, properties }) => {
    if (type === 'AWS::Lambda::Url') {
      const target = text(properties, 'TargetFunctionArn') ?? '';
      const functionId = functionIdOf(properties, 'TargetFunctionArn') ?? target;
      return [functionUrl(logicalId, { logicalId, line }, functionId, properties)];
    }
    const isServerless = type === 'AWS::Serverless::Function' && isRecord(properties.FunctionUrlConfig);
    if (!isServerless) return [];
    // SAM creates a resource of this name.
    return [
      functionUrl(`${logicalId}Url`, { logicalId, line }, logicalId, record(properties, 'FunctionUrlConfig')),
    ];
  });
}

function functionUrl(logicalId: string, place: Place, functionId: string, properties: Properties): Api {
  const { Cors } = properties;
  return {
    kind: 'FUNCTION_URL',
    logicalId,
    place,
    declaredBy: 'CloudFormation',
    stage: '$default',
    binaryMediaTypes: [],
    methods: [
      {
        ...place,
        path: '$default',
        httpMethod: 'ANY',
        origin: 'resource',
        authorizationType: text(properties, 'AuthType') === 'AWS_IAM' ? 'AWS_IAM' : 'NONE',
        authorizer: undefined,
        apiKeyRequired: false,
        integration: lambdaProxy(functionId, {}),
        methodResponses: new Map(),
      },
    ],
    gatewayResponses: new Map(),
    cors: isRecord(Cors) ? corsOf(Cors) : undefined,
    notExamined: unknownIn(properties, ['Cors'], place),
  };
}
