/** npm run doctor, without the process it runs in: what it is asked, done, and written. */
import { parseCommand, USAGE, type Command } from './arguments';
import { CommandError } from './commandError';
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
import { TemplateError } from 'sam-template';

/** What the command does to the world. */
export interface Surroundings {
  transport: Transport;
  readFile: (path: string) => Promise<string>;
  write: (text: string) => void;
  style: Style;
}

/** @returns the exit code: 0 allowed, 1 refused, 2 could not be found out. */
export async function runDoctor(args: readonly string[], world: Surroundings): Promise<number> {
  try {
    const command = parseCommand(args);
    switch (command.kind) {
      case 'help':
        world.write(USAGE);
        return 0;
      case 'template':
        return await lookAtTemplate(command, world);
      case 'call':
        return await lookAtCall(command, world);
    }
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    world.write(`${error.message}\n\nnpm run doctor -- --help lists the options.\n`);
    return 2;
  }
}

type CallCommand = Extract<Command, { kind: 'call' }>;

async function lookAtCall(command: CallCommand, { transport, write, style }: Surroundings): Promise<number> {
  const { call, compare, json } = command;
  const calls = [call, ...(compare === undefined ? [] : [{ ...call, url: otherUrl(call, compare) }])];
  const say = (text: string) => {
    write(hideSecrets(text, call.headers));
  };
  if (command.dryRun) {
    const planned = (await Promise.all(calls.map((one) => plannedRequests(one, command)))).flat();
    say(json ? toJson({ planned }, call.headers) : reportPlan(planned));
    return 0;
  }
  const examinations: Examination[] = [];
  for (const one of calls) examinations.push(await examine(one, transport, command));
  const [first, second] = examinations as [Examination, Examination?];
  if (second === undefined) {
    say(json ? toJson(first, call.headers) : report(first, style));
    return EXIT[first.diagnosis.verdict];
  }
  say(
    json
      ? toJson({ differences: differences(first, second), examinations }, call.headers)
      : reportDifferences(first, second, style),
  );
  const verdicts = examinations.map(({ diagnosis }) => diagnosis.verdict);
  if (verdicts.includes('unknown')) return 2;
  return verdicts[0] === verdicts[1] ? 0 : 1;
}

const EXIT = { allowed: 0, refused: 1, unknown: 2 } as const;

/** A second URL without a path is another server for the same path. */
function otherUrl({ url }: PageCall, compare: string): string {
  const [first, second] = [new URL(url), new URL(compare)];
  if (second.pathname === '/' && second.search === '') {
    second.pathname = first.pathname;
    second.search = first.search;
  }
  return second.href;
}

async function lookAtTemplate(
  { file, parameters, json }: Extract<Command, { kind: 'template' }>,
  { readFile, write, style }: Surroundings,
): Promise<number> {
  let text: string;
  try {
    text = await readFile(file);
  } catch (error) {
    throw new CommandError(`${file} cannot be read: ${(error as Error).message}.`, { cause: error });
  }
  try {
    const examined = await examineTemplate(text, parameters);
    write(json ? toJson(examined, []) : reportTemplate(file, examined, style));
    return examined.findings.some(({ severity }) => severity === 'error') ? 1 : 0;
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    throw new CommandError(`${file} is no template that can be read: ${error.message}`, { cause: error });
  }
}
