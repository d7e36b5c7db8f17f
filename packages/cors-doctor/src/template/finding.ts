/** A finding at a place in a template. */
import type { TemplateFinding } from 'sam-template';
import { finding } from '../finding';

/** Creates a finding about a resource or a section of a template. */
export function templateFinding(
  { logicalId, line }: { logicalId: string; line: number },
  ...details: Parameters<typeof finding>
): TemplateFinding {
  return { ...finding(...details), location: { resource: logicalId, line } };
}
