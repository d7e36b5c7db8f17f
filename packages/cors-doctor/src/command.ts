/** Runs `cors-doctor`. The process gives it the network, the file system and the terminal. */
import { dirname, join } from 'node:path';
import { UsageError } from 'command-line';
import { TemplateError, type ReadFile } from 'sam-template';
import { parseCommand, USAGE, type Command } from './arguments';
import { differences, reportDifferences } from './compare';
import type { PageCall, Transport } from './diagnosis';
import { plannedRequests, reportPlan } from './dryRun';
import { examine, type Examination } from './examine';
import { toJson } from './json';
import { report } from './report';
import { hideSecrets } from './secrets';
import { examineTemplate } from './template/examineTemplate';
import { reportTemplate } from './template/report';
import type { Style } from './terminal';

/** The effects of the command. */
export interface Environment {
  transport: Transport;
  readFile: (path: string) => Promise<string>;
  /** Reads the files that a template in this directory includes. By default, `readFile` does. */
  filesIn?: (directory: string) => ReadFile;
  write: (text: string) => void;
  style: Style;
}

/** @returns the exit code: 0 for ALLOWED, 1 for BLOCKED, 2 for UNKNOWN and for invalid arguments. */
export async function runDoctor(args: readonly string[], environment: Environment): Promise<number> {
  try {
    const command = parseCommand(args);
    switch (command.kind) {
      case 'help':
        environment.write(USAGE);
        return 0;
      case 'template':
        return await runTemplate(command, environment);
      case 'call':
        return await runCall(command, environment);
    }
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    environment.write(`${error.message}\n\nRun with --help to list the options.\n`);
    return 2;
  }
}

type CallCommand = Extract<Command, { kind: 'call' }>;

async function runCall(command: CallCommand, { transport, write, style }: Environment): Promise<number> {
  const { call, compare, json } = command;
  const calls = [call, ...(compare === undefined ? [] : [{ ...call, url: otherUrl(call, compare) }])];
  const print = (text: string) => {
    write(hideSecrets(text, call.headers));
  };
  if (command.dryRun) {
    const planned = (await Promise.all(calls.map((one) => plannedRequests(one, command)))).flat();
    print(json ? toJson({ planned }, call.headers) : reportPlan(planned));
    return 0;
  }
  const examinations: Examination[] = [];
  for (const one of calls) examinations.push(await examine(one, transport, command));
  const [first, second] = examinations as [Examination, Examination?];
  if (second === undefined) {
    print(json ? toJson(first, call.headers) : report(first, style));
    return EXIT[first.diagnosis.verdict];
  }
  print(
    json
      ? toJson({ differences: differences(first, second), examinations }, call.headers)
      : reportDifferences(first, second, style),
  );
  const verdicts = examinations.map(({ diagnosis }) => diagnosis.verdict);
  if (verdicts.includes('unknown')) return 2;
  return verdicts[0] === verdicts[1] ? 0 : 1;
}

const EXIT = { allowed: 0, blocked: 1, unknown: 2 } as const;

/** If the second URL has no path, the path of the first is used. */
function otherUrl({ url }: PageCall, compare: string): string {
  const [first, second] = [new URL(url), new URL(compare)];
  if (second.pathname === '/' && second.search === '') {
    second.pathname = first.pathname;
    second.search = first.search;
  }
  return second.href;
}

async function runTemplate(
  { file, parameters, json }: Extract<Command, { kind: 'template' }>,
  { readFile, filesIn, write, style }: Environment,
): Promise<number> {
  let text: string;
  try {
    text = await readFile(file);
  } catch (error) {
    throw new UsageError(`Cannot read ${file}: ${(error as Error).message}.`, { cause: error });
  }
  try {
    const directory = dirname(file);
    const readIncluded = filesIn?.(directory) ?? ((path: string) => readFile(join(directory, path)));
    const examined = await examineTemplate(text, parameters, readIncluded);
    write(json ? toJson(examined, []) : reportTemplate(file, examined, style));
    if (examined.findings.some(({ severity }) => severity === 'error')) return 1;
    return examined.notExamined.length > 0 ? 2 : 0;
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    throw new UsageError(`${file} is not a valid template: ${error.message}`, { cause: error });
  }
}
