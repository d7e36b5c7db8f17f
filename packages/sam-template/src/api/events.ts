/** Reads the API events of functions and state machines. No I/O. */
import type { Resource } from '../template/parse';
import type { ResolvedTemplate } from '../template/resolve';
import { isAddingKey, isOpen, openMap, openMaps } from '../template/openMap';
import { Unknown } from '../template/unknown';
import type { Remark } from './api';
import { lambdaProxy, STATE_MACHINE } from './integration';
import { ANY_KEY, httpMethodOf } from './openapi';
import { isRecord, record, text, type Properties } from './properties';
import type { Operation } from './security';

/** An event of type `Api` or `HttpApi`. */
export interface ApiEvent {
  /** The name of the event in its resource. */
  name: string;
  /** Logical ID of its API; undefined if it is known only at deployment. */
  apiId: string | undefined;
  /** Whether the condition of its resource is false. */
  isExcluded: boolean;
  /** Whether its resource is a function, not a state machine. */
  isFunction: boolean;
  properties: Properties;
  operation: Operation;
}

export interface ApiEvents {
  events: readonly ApiEvent[];
  /** Events whose path or method is known only at deployment. */
  notExamined: readonly Remark[];
}

/** The resources that have events. */
export const EVENT_SOURCES = /^AWS::Serverless::(?:Function|StateMachine)$/;

/** The kinds of events, the property that names their API, and the API of events without it. */
const KINDS = {
  Api: { property: 'RestApiId', implicit: 'ServerlessRestApi' },
  HttpApi: { property: 'ApiId', implicit: 'ServerlessHttpApi' },
} as const;

export const implicitApi = (type: keyof typeof KINDS): string => KINDS[type].implicit;

export const isImplicitApi = (name: string): boolean =>
  Object.values(KINDS).some(({ implicit }) => implicit === name);

/** The property of an event that names its API. */
export const apiProperty = (type: keyof typeof KINDS): string => KINDS[type].property;

export function apiEvents(
  { resources, excluded }: Pick<ResolvedTemplate, 'resources' | 'excluded'>,
  type: keyof typeof KINDS,
): ApiEvents {
  const found = [...resources, ...excluded]
    .filter((resource) => EVENT_SOURCES.test(resource.type))
    .flatMap((resource) =>
      Object.entries(record(resource.properties, 'Events'))
        .filter(
          (entry): entry is [string, Properties] => isRecord(entry[1]) && text(entry[1], 'Type') === type,
        )
        .map(([name, event]) =>
          eventOf(resource, name, propertiesOf(event), type, excluded.includes(resource)),
        ),
    );
  return {
    events: found.filter((event) => 'operation' in event),
    notExamined: found.filter((event) => 'message' in event),
  };
}

function propertiesOf(event: Properties): Properties {
  return event.Properties instanceof Unknown ? openMap(event.Properties) : record(event, 'Properties');
}

/** Returns a remark for each event whose kind is known only at deployment, and for events that a transform adds. */
export function unknownEvents({ resources }: Pick<ResolvedTemplate, 'resources'>): Remark[] {
  return resources
    .filter(({ type }) => EVENT_SOURCES.test(type))
    .flatMap((resource) => {
      const { Events } = resource.properties;
      if (Events instanceof Unknown) return [unknownEvent(resource, '', Events)];
      return Object.entries(record(resource.properties, 'Events')).flatMap(([name, event]) => {
        if (event instanceof Unknown) return [unknownEvent(resource, isAddingKey(name) ? '' : name, event)];
        const kind = isRecord(event) ? (event.Type ?? openMaps(event)[0]?.unknown) : undefined;
        return kind instanceof Unknown ? [unknownEvent(resource, name, kind)] : [];
      });
    });
}

/** @param name empty if not even the names of the events are known. */
function unknownEvent({ logicalId, line }: Resource, name: string, { reason, parameters }: Unknown): Remark {
  const subject = name === '' ? 'not all of its Events are examined' : `the event ${name} is not examined`;
  return { logicalId, line, message: `${subject}: ${reason}`, parameters };
}

/** Whether APIs can have more methods than the model has, because events are known only at deployment. */
export function canHaveMoreEvents(resolved: Pick<ResolvedTemplate, 'resources' | 'excluded'>): boolean {
  return (
    resolved.resources.some(({ type, properties }) => EVENT_SOURCES.test(type) && isOpen(properties)) ||
    unknownEvents(resolved).length > 0 ||
    (['Api', 'HttpApi'] as const).some((type) => apiEvents(resolved, type).notExamined.length > 0)
  );
}

function eventOf(
  resource: Resource,
  name: string,
  properties: Properties,
  type: keyof typeof KINDS,
  isExcluded: boolean,
): ApiEvent | Remark {
  const { logicalId, line } = resource;
  const isFunction = resource.type === 'AWS::Serverless::Function';
  const { property, implicit } = KINDS[type];
  const { Path, Method, Auth, [property]: apiId } = properties;
  const { Authorizer, ApiKeyRequired } = record(properties, 'Auth');
  const unknown = [
    Path,
    Method,
    apiId,
    Auth,
    Authorizer,
    ApiKeyRequired,
    openMaps(properties)[0]?.unknown,
  ].find((value) => value instanceof Unknown);
  if (unknown instanceof Unknown) return unknownEvent(resource, name, unknown);
  const path = text(properties, 'Path');
  const method = text(properties, 'Method');
  const isDefault = type === 'HttpApi' && path === undefined && method === undefined;
  return {
    name,
    apiId: text(properties, property) ?? implicit,
    isExcluded,
    isFunction,
    properties,
    operation: {
      logicalId,
      line,
      path: isDefault || path === '/$default' ? '$default' : (path ?? '/'),
      httpMethod: httpMethodOf(isDefault ? ANY_KEY : (method ?? 'any')),
      origin: 'event',
      integration: isFunction ? lambdaProxy(logicalId, properties) : STATE_MACHINE,
      methodResponses: new Map(),
      security: [],
    },
  };
}
