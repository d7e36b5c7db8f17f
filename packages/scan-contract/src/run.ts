/** Runs the contract cases against one server and reports the results. */
import type { Case } from './case';
import { CASES } from './cases';
import { PROTECTION_CASES } from './cases/protection';
import { runCase, type CaseResult, type Target } from './check';
import { CommandError, parseCommand, USAGE, type Command } from './command';
import { countScans, FIXTURES_URL } from './fixtures';
import { DEFAULT_LIMITS, NoResponseError, send } from './http';
import type { Progress } from './progress';
import { exitCodeOf, report } from './report';

/** Defaults that tests replace, and where to write the report and the progress. */
export interface RunOptions {
  cases?: readonly Case[];
  fixturesUrl?: string;
  write: (text: string) => void;
  progress: Progress;
  /** The current time in milliseconds. */
  now?: () => number;
}

/**
 * Runs the cases and writes the report.
 *
 * @returns the exit code: 0 if every case passed, 1 if a case failed, 2 if only a part was checked, the arguments are
 *   invalid, or the server or the fixtures are unreachable.
 */
export async function run(
  args: readonly string[],
  { cases, fixturesUrl = FIXTURES_URL, write, progress, now = Date.now }: RunOptions,
): Promise<number> {
  try {
    const command = parseCommand(args);
    if (command === undefined) {
      write(USAGE);
      return 0;
    }
    await checkReachable(command, fixturesUrl);
    const { baseUrl, policy, credentials, isDirect, timeoutMs } = command;
    const target: Target = {
      baseUrl,
      policy,
      credentials,
      isDirect,
      timeoutMs,
      countScans: command.fixtures ? () => countScans(fixturesUrl) : undefined,
    };
    const runner = { target, progress, now, endTime: now() + command.maxTimeMs };
    const results = await runAll(cases ?? (command.protected ? PROTECTION_CASES : CASES), runner);
    write(report(results, baseUrl, command.verbose));
    return exitCodeOf(results);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    write(`${error.message}\n\nscan-contract --help shows the options and the exit codes.\n`);
    return 2;
  }
}

interface Runner {
  target: Target;
  progress: Progress;
  now: () => number;
  /** No case starts after this time. */
  endTime: number;
}

/** After this many cases without a response in time, the others are not tried. */
const MAX_OUTAGES = 4;

async function runAll(
  cases: readonly Case[],
  { target, progress, now, endTime }: Runner,
): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  let outages = 0;
  for (const contractCase of cases) {
    const { name, topic = '', link } = contractCase;
    const reason =
      outages >= MAX_OUTAGES
        ? `the server did not respond in time in ${MAX_OUTAGES} cases (--timeout)`
        : now() >= endTime
          ? 'the time for the run is over (--max-time)'
          : undefined;
    if (reason === undefined) {
      progress.update({ done: results.length, total: cases.length, name });
      const result = await runCase(contractCase, target);
      if (result.outage !== undefined) outages++;
      results.push(result);
    } else {
      results.push({ name, topic, link, findings: [], observations: [], skipped: { reason, isGap: true } });
    }
  }
  progress.clear();
  return results;
}

async function checkReachable({ baseUrl, fixtures, timeoutMs }: Command, fixturesUrl: string): Promise<void> {
  try {
    const preflight = { method: 'OPTIONS', path: '/scanRecords', headers: [] };
    await send(baseUrl, preflight, { ...DEFAULT_LIMITS, timeoutMs });
  } catch (error) {
    if (!(error instanceof NoResponseError)) throw error;
    throw new CommandError(
      `Nothing was checked. ${baseUrl} does not respond to OPTIONS /scanRecords: ${error.message}.`,
      { cause: error },
    );
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
