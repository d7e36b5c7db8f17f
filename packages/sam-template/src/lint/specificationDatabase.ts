/** CloudFormation's specification, out of a package: what of it is asked is read from its file once. */
import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import type { SpecDatabase } from '@aws-cdk/service-spec-types';

let loaded: SpecDatabase | undefined;

/** Loads the specification, which takes half a second, once. */
export function loadSpecification(): SpecDatabase {
  return (loaded ??= loadAwsServiceSpecSync());
}
