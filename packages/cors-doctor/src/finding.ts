/** Creates findings of the doctor. */
import type { Finding } from 'sam-template';

/** Creates a finding that is not about a place in a template. */
export function finding(
  ruleId: string,
  severity: Finding['severity'],
  message: string,
  description: string,
  lines: readonly string[] = [],
): Finding {
  return { ruleId, severity, message, fix: { description, lines } };
}
