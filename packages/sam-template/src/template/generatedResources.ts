/** Recognizes names that SAM or a macro defines. A template can refer to them without declaring them. No I/O. */
import type { Template } from './parse';

/** https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html */
const SHARED =
  /^(?:Serverless(?:RestApi|HttpApi|UsagePlan|ApiKey|DeploymentApplication)|CodeDeployServiceRole$)/;

/** Returns whether a reference to `name` can be valid although the template does not declare it. */
export function isGenerated(name: string, { resources, macros }: Template): boolean {
  const serverless = resources.filter(
    ({ type, attributes }) => type.startsWith('AWS::Serverless::') || attributes.includes('Connectors'),
  );
  if (macros.length > 0) return true;
  return (
    (serverless.length > 0 && SHARED.test(name)) ||
    // Names start with the logical ID: FunctionRole, ApiProdStage, or the property Function.Alias.
    serverless.some(({ logicalId }) => name !== logicalId && name.startsWith(logicalId))
  );
}
