/** Reports API events that SAM itself rejects, so that the deployment does not start. */
import { apiEvents, EVENT_SOURCES, type ApiEvent } from '../api/events';
import { isRecord, record, text, type Properties } from '../api/properties';
import type { ResolvedTemplate } from '../template/resolve';
import { isOpen } from '../template/openMap';
import { Unknown } from '../template/unknown';
import { finding, type Rule } from './rule';

type Kind = 'Api' | 'HttpApi';

interface Rejection {
  message: string;
  fix: string;
}

/** Events that are empty. */
export const invalidEvents: Rule = ({ resolved }) =>
  resolved.resources
    .filter(({ type }) => EVENT_SOURCES.test(type))
    .flatMap((resource) =>
      Object.entries(record(resource.properties, 'Events'))
        .filter(([, event]) =>
          isRecord(event) ? event.Type === undefined && !isOpen(event) : !(event instanceof Unknown),
        )
        .map(([name]) =>
          finding(
            'sam-rejects',
            resource,
            `the event ${name} has no Type, so SAM rejects the template`,
            'Give it a Type and Properties, or remove it',
          ),
        ),
    );

export const rejectedEvents: Rule = ({ resolved }) =>
  (['Api', 'HttpApi'] as const).flatMap((kind) => {
    const { events } = apiEvents(resolved, kind);
    return events.flatMap((event, at) => {
      const earlier = events.slice(0, at);
      const rejections = [
        ...missingProperties(event, kind),
        ...repetition(event, earlier, resolved, kind),
        ...invalidAuthorizer(event, resolved, kind),
      ];
      return rejections.map(({ message, fix }) =>
        finding(
          'sam-rejects',
          event.operation,
          `the event ${event.name} ${message}, so SAM rejects the template`,
          fix,
        ),
      );
    });
  });

function missingProperties({ properties }: ApiEvent, kind: Kind): Rejection[] {
  const missing = ['Path', 'Method'].filter((name) => !properties[name]);
  // Without both, the event of an HTTP API is its default route.
  if (missing.length === 0 || (kind === 'HttpApi' && missing.length === 2)) return [];
  return [
    { message: `has no ${missing.join(' and no ')}`, fix: `Add ${missing.join(' and ')} to its Properties` },
  ];
}

/** Returns the properties of the API if SAM creates its definition from events; undefined otherwise. */
function managedApi(
  { apiId }: ApiEvent,
  { resources, globals }: ResolvedTemplate,
  kind: Kind,
): Properties | undefined {
  const declared = resources.find(
    ({ logicalId, type }) => logicalId === apiId && type === `AWS::Serverless::${kind}`,
  );
  const isImplicit = apiId === 'ServerlessRestApi' || apiId === 'ServerlessHttpApi';
  const properties = declared?.properties ?? (isImplicit ? record(globals, kind) : undefined);
  const hasDefinition = properties?.DefinitionBody !== undefined || properties?.DefinitionUri !== undefined;
  return hasDefinition ? undefined : properties;
}

function repetition(
  event: ApiEvent,
  earlier: readonly ApiEvent[],
  resolved: ResolvedTemplate,
  kind: Kind,
): Rejection[] {
  const { path, httpMethod } = event.operation;
  const isRepeated = earlier.some(
    ({ apiId, operation }) =>
      apiId === event.apiId && operation.path === path && operation.httpMethod === httpMethod,
  );
  if (!isRepeated || managedApi(event, resolved, kind) === undefined) return [];
  return [{ message: `repeats ${httpMethod} ${path} of the same API`, fix: 'Change its Path or Method' }];
}

function invalidAuthorizer(event: ApiEvent, resolved: ResolvedTemplate, kind: Kind): Rejection[] {
  const api = managedApi(event, resolved, kind);
  const name = text(record(event.properties, 'Auth'), 'Authorizer');
  if (api === undefined || api.Auth instanceof Unknown) return [];
  const auth = record(api, 'Auth');
  // A transform can add the authorizer at deployment.
  if ([api, auth, record(auth, 'Authorizers')].some(isOpen)) return [];
  if (name === undefined) {
    const isMissing =
      kind === 'HttpApi' && event.properties.Auth !== undefined && auth.DefaultAuthorizer === undefined;
    return isMissing
      ? [
          {
            message: 'has Auth without an Authorizer, and its API has no DefaultAuthorizer',
            fix: 'Add Authorizer to its Auth',
          },
        ]
      : [];
  }
  if (auth.Authorizers instanceof Unknown || name in record(auth, 'Authorizers')) return [];
  if (name === 'NONE') {
    return auth.DefaultAuthorizer === undefined
      ? [
          {
            message: 'has Authorizer: NONE, but its API has no DefaultAuthorizer',
            fix: 'Remove Authorizer: NONE',
          },
        ]
      : [];
  }
  if (name === 'AWS_IAM' && (kind === 'Api' || auth.EnableIamAuthorizer === true)) return [];
  return [
    {
      message: `has the Authorizer ${name}, which its API does not define`,
      fix: `Add ${name} to Auth.Authorizers of the API`,
    },
  ];
}
