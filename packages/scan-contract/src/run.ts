/** Runs the contract cases against one server and reports the results. */
import type { Case } from './case';
import { CASES } from './cases';
import { PROTECTION_CASES } from './cases/protection';
import { runCase, type CaseResult, type Target } from './check';
import { CommandError, parseCommand, USAGE, type Command } from './command';
import { countScans, FIXTURES_URL } from './fixtures';
import { NoResponseError, send } from './http';

/** Defaults that tests replace, and where to write the report. */
export interface RunOptions {
  cases?: readonly Case[];
  fixturesUrl?: string;
  write: (text: string) => void;
}

/**
 * Runs the cases and writes each finding and a summary.
 *
 * @returns the exit code: 0 if no case failed, 1 if a case failed, 2 if the arguments are invalid or the server or the
 *   fixtures are unreachable.
 */
export async function run(
  args: readonly string[],
  { cases, fixturesUrl = FIXTURES_URL, write }: RunOptions,
): Promise<number> {
  try {
    const command = parseCommand(args);
    if (command === undefined) {
      write(USAGE);
      return 0;
    }
    await checkReachable(command, fixturesUrl);
    const { baseUrl, policy, credentials, isDirect } = command;
    const target: Target = {
      baseUrl,
      policy,
      credentials,
      isDirect,
      countScans: command.fixtures ? () => countScans(fixturesUrl) : undefined,
    };
    const results: CaseResult[] = [];
    for (const contractCase of cases ?? (command.protected ? PROTECTION_CASES : CASES)) {
      const result = await runCase(contractCase, target);
      for (const finding of result.findings) write(`${finding}\n`);
      results.push(result);
    }
    write(summarize(results, baseUrl));
    return results.some(({ findings }) => findings.length > 0) ? 1 : 0;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    write(`${error.message}\n\n${USAGE}`);
    return 2;
  }
}

async function checkReachable({ baseUrl, fixtures }: Command, fixturesUrl: string): Promise<void> {
  try {
    await send(baseUrl, { method: 'OPTIONS', path: '/scanRecords', headers: [] });
  } catch (error) {
    if (!(error instanceof NoResponseError)) throw error;
    throw new CommandError(`No response from ${baseUrl}: ${error.message}.`, { cause: error });
  }
  if (!fixtures) return;
  try {
    await countScans(fixturesUrl);
  } catch (cause) {
    throw new CommandError(
      `The fixture DynamoDB is not running at ${fixturesUrl}. Start it with: npm run contract:dynamodb`,
      { cause },
    );
  }
}

function summarize(results: readonly CaseResult[], baseUrl: string): string {
  const failed = results.filter(({ findings }) => findings.length > 0).length;
  const reasons = results.flatMap(({ skipped }) => skipped ?? []);
  const lines = [...new Set(reasons)].map((reason) => {
    const numbers = results.flatMap(({ skipped }, index) => (skipped === reason ? [index + 1] : []));
    return `${numbers.length} skipped because ${reason}: cases ${numbers.join(', ')}.`;
  });
  const passed = results.length - failed - reasons.length;
  lines.push(`${baseUrl}: ${passed} passed, ${failed} failed, ${reasons.length} skipped.`);
  return `${lines.join('\n')}\n`;
}
