/** npm run contract: holds the server at a URL to the HTTP contract. */
import type { Case } from './case';
import { CASES } from './cases';
import { runCase, type CaseResult, type Target } from './check';
import { CommandError, parseCommand, USAGE, type Command } from './command';
import { countScans, FIXTURES_URL } from './fixtures';
import { NoAnswerError, send } from './http';

/** Where the command gets what the command line does not say; tests have their own. */
export interface RunOptions {
  cases?: readonly Case[];
  fixturesUrl?: string;
  write: (text: string) => void;
}

/**
 * Runs the cases and writes what it finds.
 *
 * @returns the exit code: 0, 1 where the contract is not kept, 2 where nothing could be found out.
 */
export async function run(
  args: readonly string[],
  { cases = CASES, fixturesUrl = FIXTURES_URL, write }: RunOptions,
): Promise<number> {
  try {
    const command = parseCommand(args);
    if (command === undefined) {
      write(USAGE);
      return 0;
    }
    await checkReachable(command, fixturesUrl);
    const { baseUrl, policy } = command;
    const target: Target = {
      baseUrl,
      policy,
      countScans: command.fixtures ? () => countScans(fixturesUrl) : undefined,
    };
    const results: CaseResult[] = [];
    for (const one of cases) {
      const result = await runCase(one, target);
      for (const finding of result.findings) write(`${finding}\n`);
      results.push(result);
    }
    write(summarise(results, baseUrl));
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
    if (!(error instanceof NoAnswerError)) throw error;
    throw new CommandError(`Nothing answers at ${baseUrl}: ${error.message}.`, { cause: error });
  }
  if (!fixtures) return;
  try {
    await countScans(fixturesUrl);
  } catch (cause) {
    throw new CommandError(
      `No fixture DynamoDB is at ${fixturesUrl}: start it with npm run contract:dynamodb.`,
      {
        cause,
      },
    );
  }
}

function summarise(results: readonly CaseResult[], baseUrl: string): string {
  const failed = results.filter(({ findings }) => findings.length > 0).length;
  const reasons = results.flatMap(({ skipped }) => skipped ?? []);
  const lines = [...new Set(reasons)].map((reason) => {
    const these = results.flatMap(({ skipped }, index) => (skipped === reason ? [index + 1] : []));
    return `${these.length} cases were skipped, for ${reason}: ${these.join(', ')}.`;
  });
  const kept = results.length - failed - reasons.length;
  lines.push(
    `${baseUrl}: of ${results.length} cases ${kept} kept, ${failed} failed, ${reasons.length} skipped.`,
  );
  return `${lines.join('\n')}\n`;
}

if (require.main === module) {
  run(process.argv.slice(2), { write: (text) => process.stdout.write(text) }).then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      process.stderr.write(`${(error as Error).stack ?? String(error)}\n`);
      process.exitCode = 2;
    },
  );
}
