/** Names the parts of an API that are known only at deployment. No I/O. */
import { isAddingKey } from '../template/openMap';
import { KNOWN_AT_DEPLOYMENT, Unknown } from '../template/unknown';
import type { Resource } from '../template/parse';
import type { Place, Remark } from './api';
import { list, record, records, text, type Properties } from './properties';

/** Returns a remark for each of the properties whose value is not known. */
export function unknownIn(
  properties: Properties,
  names: readonly string[],
  { logicalId, line }: Place,
): Remark[] {
  return names.flatMap((name) => {
    const value = properties[name];
    if (!(value instanceof Unknown)) return [];
    return [
      { logicalId, line, message: `${name} is not examined: ${value.reason}`, parameters: value.parameters },
    ];
  });
}

/** @param auth the property Auth of an API of SAM. */
export function unknownAuthorizers(auth: Properties, place: Place): Remark[] {
  const authorizers = record(auth, 'Authorizers');
  const names = Object.keys(authorizers).filter((name) => !isAddingKey(name));
  return unknownIn(authorizers, names, place);
}

/** Returns a remark if items of a list are not known. */
export function unknownItems(properties: Properties, name: string, place: Place): Remark[] {
  const item = list(properties, name).find((value) => value instanceof Unknown);
  return item === undefined ? [] : unknownIn({ [name]: item }, [name], place);
}

/** Returns a remark for each part of a method resource that affects its integration. */
export function unknownIntegration({ properties, ...place }: Resource): Remark[] {
  const integration = record(properties, 'Integration');
  const responses = records(integration, 'IntegrationResponses');
  return [
    ...unknownIn(properties, ['Integration', 'MethodResponses'], place),
    ...unknownIn(
      integration,
      ['Type', 'IntegrationResponses', 'RequestTemplates', 'PassthroughBehavior', 'ContentHandling'],
      place,
    ),
    ...unknownItems(integration, 'IntegrationResponses', place),
    ...unknownItems(properties, 'MethodResponses', place),
    ...[...responses, ...records(properties, 'MethodResponses')].flatMap((response) =>
      unknownIn(
        response,
        ['StatusCode', 'SelectionPattern', 'ResponseParameters', 'ResponseTemplates'],
        place,
      ),
    ),
  ];
}

/** Returns a remark for each guard of a method that is not known. Only preflights never have credentials. */
export function unknownGuards(httpMethod: string, { properties, ...place }: Resource): Remark[] {
  const receivesPreflights = /^(?:OPTIONS|ANY)$/.test(httpMethod);
  return receivesPreflights ? unknownIn(properties, ['AuthorizationType', 'ApiKeyRequired'], place) : [];
}

/** Returns the name of a stage. An unknown name does not affect what API Gateway returns. */
export function stageOf(properties: Properties, fallback: string): { stage: string } {
  const { StageName } = properties;
  if (StageName instanceof Unknown) return { stage: KNOWN_AT_DEPLOYMENT.replaceAll(' ', '-') };
  return { stage: text(properties, 'StageName') ?? fallback };
}
