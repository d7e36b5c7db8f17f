/** Compares the outcomes of conditions that only the deployment decides. No I/O. */
import type { Remark, ResolvedTemplate, TemplateFinding } from 'sam-template';

/** The findings and remarks of one deployment. */
export interface Outcome {
  findings: readonly TemplateFinding[];
  notExamined: readonly Remark[];
  /** The conditions that are assumed. Other conditions can decide whether a condition matters at all. */
  undecided: ResolvedTemplate['undecided'];
}

/** The assumed results of conditions, by name. Without an entry, a condition is assumed to be true. */
export type Assumptions = Readonly<Record<string, boolean>>;

/** An outcome, and the results of all conditions that it depends on. */
interface Case {
  assumed: Assumptions;
  outcome: Outcome;
}

/** Seven conditions that do not depend on each other. */
const MAX_CASES = 128;

/**
 * Keeps the findings that do not depend on undecided conditions. If others include errors, a remark says on which
 * conditions they depend.
 */
export async function compareOutcomes(
  outcomeOf: (assumed: Assumptions) => Promise<Outcome>,
): Promise<Pick<Outcome, 'findings' | 'notExamined'>> {
  const { cases, isComplete } = await allCases(outcomeOf);
  const outcomes = cases.map(({ outcome }) => outcome);
  const conditions = unique(
    outcomes.flatMap(({ undecided }) => undecided),
    ({ name }) => name,
  );
  const keys = outcomes.map(({ findings }) => new Set(findings.map(keyOf)));
  const certain = (outcomes[0]?.findings ?? []).filter((found) => keys.every((set) => set.has(keyOf(found))));
  const hasError = certain.some(({ severity }) => severity === 'error');
  return {
    findings: certain,
    notExamined: [
      ...unique(
        outcomes.flatMap(({ notExamined }) => notExamined),
        ({ logicalId, file = '', message }) => `${file} ${logicalId} ${message}`,
      ),
      ...conditions
        .filter(({ name }) => changesErrors(name, cases))
        .map(({ name, parameters }) =>
          remark(
            `${hasError ? 'whether there are more errors' : 'the verdict'} depends on the condition ${name}, which is known at deployment`,
            parameters,
          ),
        ),
      ...(isComplete ? [] : [tooMany(conditions)]),
    ],
  };
}

/** Assumes each condition to be true and to be false, in every combination that the other conditions leave. */
async function allCases(
  outcomeOf: (assumed: Assumptions) => Promise<Outcome>,
): Promise<{ cases: readonly Case[]; isComplete: boolean }> {
  const cases: Case[] = [];
  const pending: Assumptions[] = [{}];
  for (;;) {
    const known = pending.shift();
    if (known === undefined) return { cases, isComplete: true };
    if (cases.length === MAX_CASES) return { cases, isComplete: false };
    const outcome = await outcomeOf(known);
    let assumed = known;
    for (const { name } of outcome.undecided.filter((one) => !(one.name in known))) {
      pending.push({ ...assumed, [name]: false });
      assumed = { ...assumed, [name]: true };
    }
    cases.push({ assumed, outcome });
  }
}

/** Whether two cases that differ only in this condition have other errors. */
function changesErrors(name: string, cases: readonly Case[]): boolean {
  const whose = (result: boolean) => cases.filter(({ assumed }) => assumed[name] === result);
  return whose(true).some((one) =>
    whose(false).some(
      (other) => agreeExcept(name, one.assumed, other.assumed) && errorsOf(one) !== errorsOf(other),
    ),
  );
}

function agreeExcept(name: string, one: Assumptions, other: Assumptions): boolean {
  return Object.keys(one).every((key) => key === name || !(key in other) || one[key] === other[key]);
}

function errorsOf({ outcome }: Case): string {
  const errors = outcome.findings.filter(({ severity }) => severity === 'error');
  return errors.map(keyOf).sort().join('\n');
}

function unique<Item>(items: readonly Item[], keyOfItem: (item: Item) => string): Item[] {
  return [...new Map([...items].reverse().map((item) => [keyOfItem(item), item])).values()].reverse();
}

function keyOf({ ruleId, location, message }: TemplateFinding): string {
  return `${ruleId} ${location.file ?? ''} ${location.resource} ${message}`;
}

function tooMany(conditions: Outcome['undecided']): Remark {
  const names = conditions.map(({ name }) => name).join(', ');
  return remark(
    `the conditions ${names}, which are known at deployment, have more than ${MAX_CASES} combinations, and not all of them are examined`,
    [...new Set(conditions.flatMap(({ parameters }) => parameters))],
  );
}

function remark(message: string, parameters: readonly string[]): Remark {
  return { logicalId: 'Conditions', line: 1, message, parameters };
}
