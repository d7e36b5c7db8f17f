/** Compares the outcomes of conditions that only the deployment decides. No I/O. */
import type { Remark, ResolvedTemplate, TemplateFinding } from 'sam-template';

/** The findings and remarks of one deployment. */
export interface Outcome {
  findings: readonly TemplateFinding[];
  notExamined: readonly Remark[];
}

type UndecidedConditions = ResolvedTemplate['undecided'];

/** With more conditions, only the outcomes with all true and all false are compared. */
const MAX_COMBINED_CONDITIONS = 4;

/**
 * Keeps the findings that do not depend on undecided conditions. If the other findings include errors, the verdict
 * depends on the conditions, and a remark says so.
 *
 * @param first the outcome if all conditions are true.
 */
export async function compareOutcomes(
  first: Outcome,
  undecided: UndecidedConditions,
  outcomeOf: (assumed: Readonly<Record<string, boolean>>) => Promise<Outcome>,
): Promise<Outcome> {
  const outcomes = [first];
  for (const assumed of assumptions(undecided.map(({ name }) => name)))
    outcomes.push(await outcomeOf(assumed));
  const keys = outcomes.map(({ findings }) => new Set(findings.map(keyOf)));
  const isCertain = (found: TemplateFinding) => keys.every((set) => set.has(keyOf(found)));
  const certain = first.findings.filter(isCertain);
  const hasErrors = outcomes.map(({ findings }) => findings.some(({ severity }) => severity === 'error'));
  const depends = hasErrors.includes(true) && !certain.some(({ severity }) => severity === 'error');
  return {
    findings: certain,
    notExamined: [...first.notExamined, ...(depends ? undecided.map(remarkOf) : [])],
  };
}

/** Returns every combination except the one in which all are true. */
function assumptions(names: readonly string[]): Record<string, boolean>[] {
  const all = (value: boolean) => Object.fromEntries(names.map((name) => [name, value]));
  if (names.length === 0) return [];
  if (names.length > MAX_COMBINED_CONDITIONS) return [all(false)];
  return Array.from({ length: 2 ** names.length - 1 }, (_value, at) =>
    Object.fromEntries(names.map((name, bit) => [name, ((at >> bit) & 1) === 1])),
  );
}

function keyOf({ ruleId, location, message }: TemplateFinding): string {
  return `${ruleId} ${location.resource} ${message}`;
}

function remarkOf({ name, parameters }: UndecidedConditions[number]) {
  return {
    logicalId: 'Conditions',
    line: 1,
    message: `the verdict depends on the condition ${name}, which is known at deployment`,
    parameters,
  };
}
