/** Lists the templates of an application: the outermost one, and those of nested applications. No I/O. */
import type { ResolvedTemplate } from './resolve';

/** One template of an application. */
export interface TemplatePart {
  resolved: ResolvedTemplate;
  /** The logical IDs of the nested applications that contain it, each with a dot: `Shop.Orders.` */
  prefix: string;
}

/** Returns the outermost template first. */
export function partsOf(resolved: ResolvedTemplate, prefix = ''): TemplatePart[] {
  const nested = [...resolved.nested].flatMap(([logicalId, inner]) =>
    partsOf(inner, `${prefix}${logicalId}.`),
  );
  return [{ resolved, prefix }, ...nested];
}

/** Adds the file of the template, and the nested applications to the logical ID. */
export function placeIn<Place extends { logicalId: string }>(
  { resolved: { template }, prefix }: TemplatePart,
  place: Place,
): Place & { file?: string } {
  return {
    ...place,
    logicalId: `${prefix}${place.logicalId}`,
    ...(template.file !== undefined && { file: template.file }),
  };
}
