/** A finding at a place in a template. */
import { finding, type Finding, type Location } from '../finding';

export interface TemplateFinding extends Finding {
  location: Location;
}

/** Creates a finding about a resource or a section of a template. */
export function templateFinding(
  { logicalId, line }: { logicalId: string; line: number },
  ...details: Parameters<typeof finding>
): TemplateFinding {
  return { ...finding(...details), location: { resource: logicalId, line } };
}
