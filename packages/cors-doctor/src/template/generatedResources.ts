/** Recognizes resources that SAM generates. A template can refer to them without declaring them. No I/O. */
import type { Template } from 'sam-template';

/** https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html */
export function isGeneratedBySam(name: string, { resources }: Template): boolean {
  return resources.some(({ logicalId, type }) => {
    if (type === 'AWS::Serverless::Function') {
      if (/^Serverless(?:Rest|Http)Api(?:\w*Stage|Deployment\w*)?$/.test(name)) return true;
      return (
        name.startsWith(logicalId) &&
        /^(?:Role|Version|Alias|Url|\w+Permission)/.test(name.slice(logicalId.length))
      );
    }
    return (
      type.startsWith('AWS::Serverless::') &&
      name.startsWith(logicalId) &&
      /(?:Stage|Deployment\w*)$/.test(name.slice(logicalId.length))
    );
  });
}
