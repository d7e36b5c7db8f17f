/** What the doctor found: what is wrong, where, and how to fix it. The same fields as in `sam-template`. */

/** How to fix a finding. */
export interface Fix {
  /** Says what to change and where. */
  description: string;
  /** The lines to write there; empty if the description says everything. */
  lines: readonly string[];
}

/** Where in a template a finding is. */
export interface Location {
  /** Logical id of the resource, or the name of a template section. */
  resource: string;
  /** Line number in the template, from 1. */
  line: number;
}

export interface Finding {
  /** Name of the rule, in kebab case. */
  ruleId: string;
  /** `error`: the browser blocks the request. `warning`: it blocks some requests. `note`: good to know. */
  severity: 'error' | 'warning' | 'note';
  /** Undefined if the finding is not about a place in a template. */
  location?: Location;
  /** What is wrong. */
  message: string;
  fix: Fix;
}

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
