/** Loads CloudFormation's specification of resource types from a package. Reads a file. */
import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import type { SpecDatabase } from '@aws-cdk/service-spec-types';

let loaded: SpecDatabase | undefined;

/** Loads the specification on the first call only, because that takes half a second. */
export function loadSpecification(): SpecDatabase {
  return (loaded ??= loadAwsServiceSpecSync());
}
