/** The result of a rule: what is wrong, where, and how to fix it. Shared by the linter and the doctor. */

/** How to fix a finding. */
export interface Fix {
  /** One sentence that says what to change and where. */
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
  /** The template of a nested application, relative to the outermost template; undefined for that one. */
  file?: string;
}

export interface Finding {
  /** Name of the rule, in kebab case. */
  ruleId: string;
  /** `error`: requests fail. `warning`: some requests fail. `note`: good to know. */
  severity: 'error' | 'warning' | 'note';
  /** Undefined if the finding is not about a place in a template. */
  location?: Location;
  /** What is wrong. */
  message: string;
  /** The logical id that does not exist, if the finding is about a reference to it. */
  missingLogicalId?: string;
  fix: Fix;
}
