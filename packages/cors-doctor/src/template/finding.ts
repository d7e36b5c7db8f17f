/** A finding of the doctor that stands at a place in a template. */
import { finding, type Finding } from '../finding';

export interface TemplateFinding extends Finding {
  /** Logical id of the resource, or a section of the template. */
  resource: string;
  line: number;
}

export function templateFinding(
  { logicalId, line }: { logicalId: string; line: number },
  ...said: Parameters<typeof finding>
): TemplateFinding {
  return { ...finding(...said), resource: logicalId, line };
}
