/** Names the properties of APIs to which a transform or a loop adds at deployment. No I/O. */
import { openMaps } from '../template/openMap';
import type { ResolvedTemplate } from '../template/resolve';
import type { Place, Remark } from './api';
import type { Properties } from './properties';

/** Events and definitions have remarks of their own. */
const ELSEWHERE = /^(?:Events|DefinitionBody|Body)\b/;

/** Returns a remark for each map in the properties of an API that has more keys after the deployment. */
export function openPropertiesOf({ logicalId, line }: Place, properties: Properties): Remark[] {
  return openMaps(properties)
    .filter(({ path }) => !ELSEWHERE.test(path))
    .map(({ path, unknown: { reason, parameters } }) => {
      const message = `not all of its ${path === '' ? 'Properties' : path} are examined: ${reason}`;
      return { logicalId, line, message, parameters };
    });
}

const TYPES = /^AWS::(?:Serverless::(?:Function|StateMachine)|ApiGateway(?:V2)?::\w+|Lambda::Url)$/;

/** Returns these remarks for all resources except the APIs of SAM. */
export function openProperties({ resources }: Pick<ResolvedTemplate, 'resources'>): Remark[] {
  return resources
    .filter(({ type }) => TYPES.test(type))
    .flatMap((resource) => {
      const isFunction = resource.type.startsWith('AWS::Serverless::');
      return openPropertiesOf(
        resource,
        isFunction ? relevantProperties(resource.properties) : resource.properties,
      );
    });
}

/** Returns the properties of a function that affect the responses to browsers. */
function relevantProperties(properties: Properties): Properties {
  return Object.fromEntries(
    Object.entries(properties).filter(([name]) => /^(?:Fn::|FunctionUrlConfig$)/.test(name)),
  );
}
