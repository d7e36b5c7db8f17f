/** Reports functions in a definition that CloudFormation does not evaluate, because API Gateway reads its file as it is. */
import { UnevaluatedFunctions } from '../template/unknown';
import { finding, type Rule } from './rule';

/** https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-api.html */
export const definitionFunctions: Rule = ({ resolved }) =>
  resolved.resources.flatMap((resource) =>
    ['DefinitionBody', 'Body']
      .map((name) => resource.properties[name])
      .filter((definition) => definition instanceof UnevaluatedFunctions)
      .filter(({ isInUri }) => isInUri)
      .map(({ reason }) =>
        finding(
          'definition-functions',
          resource,
          `${reason}, so the URI of an integration is wrong`,
          'Include the file in the definition with Fn::Transform and AWS::Include',
        ),
      ),
  );
