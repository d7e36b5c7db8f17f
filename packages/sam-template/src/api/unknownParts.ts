/** Names the parts of an API that are known only at deployment. No I/O. */
import { KNOWN_AT_DEPLOYMENT, Unknown } from '../template/unknown';
import type { Place, Remark } from './api';
import { text, type Properties } from './properties';

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

/** Returns the name of a stage. An unknown name does not affect what API Gateway returns. */
export function stageOf(properties: Properties, fallback: string): { stage: string } {
  const { StageName } = properties;
  if (StageName instanceof Unknown) return { stage: KNOWN_AT_DEPLOYMENT.replaceAll(' ', '-') };
  return { stage: text(properties, 'StageName') ?? fallback };
}
