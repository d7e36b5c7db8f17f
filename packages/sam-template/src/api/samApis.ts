/** Lists the APIs that SAM creates: the declared ones, and the implicit one of events that name no API. No I/O. */
import type { ResolvedTemplate } from '../template/resolve';
import type { Place } from './api';
import { apiEvents, implicitApi } from './events';
import { record, type Properties } from './properties';

/** An API of SAM before its events and definition are read. */
export interface SamApi {
  logicalId: string;
  /** For the implicit API, the first resource with an event. */
  place: Place;
  /** With those of Globals. */
  properties: Properties;
  /** The properties before their functions are evaluated. */
  written: Properties;
}

/** @param kind also the name of the section in Globals. */
export function samApis(resolved: ResolvedTemplate, kind: 'Api' | 'HttpApi'): SamApi[] {
  const implicitId = implicitApi(kind);
  const first = apiEvents(resolved, kind).events.find(
    ({ apiId, isExcluded }) => apiId === implicitId && !isExcluded,
  );
  const declared = resolved.resources
    .filter(({ type }) => type === `AWS::Serverless::${kind}`)
    // With an event for the implicit API, SAM replaces a resource of this name.
    .filter(({ logicalId }) => logicalId !== implicitId || first === undefined)
    .map(({ logicalId, line, properties, written }) => ({
      logicalId,
      place: { logicalId, line },
      properties,
      written,
    }));
  if (first === undefined) return declared;
  const { logicalId, line } = first.operation;
  const properties = { ...record(resolved.globals, kind), ...(kind === 'Api' && { StageName: 'Prod' }) };
  return [...declared, { logicalId: implicitId, place: { logicalId, line }, properties, written: {} }];
}
