/** The specification, with what it does not say of AWS::Serverless::Function. */
import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import type { Property, SpecDatabase } from '@aws-cdk/service-spec-types';

/**
 * Properties newer than the specification's copy of SAM's.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html
 */
const NEWER_FUNCTION_PROPERTIES: Readonly<Record<string, Property>> = {
  LoggingConfig: { type: { type: 'json' } },
  SnapStart: { type: { type: 'json' } },
  RuntimeManagementConfig: { type: { type: 'json' } },
  RolePath: { type: { type: 'string' } },
  RecursiveLoop: { type: { type: 'string' } },
  SourceKMSKeyArn: { type: { type: 'string' } },
  AutoPublishAliasAllProperties: { type: { type: 'boolean' } },
  PropagateTags: { type: { type: 'boolean' } },
  TenancyConfig: { type: { type: 'json' } },
};

let loaded: SpecDatabase | undefined;

/** Loads the specification, which takes half a second, once. */
export function loadSpecification(): SpecDatabase {
  if (loaded !== undefined) return loaded;
  loaded = loadAwsServiceSpecSync();
  const [type] = loaded.lookup('resource', 'cloudFormationType', 'equals', 'AWS::Serverless::Function');
  if (type !== undefined) Object.assign(type.properties, NEWER_FUNCTION_PROPERTIES);
  return loaded;
}
