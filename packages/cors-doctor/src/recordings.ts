/** Runs `cors-doctor --har` and `cors-doctor --console`: explains what a browser has recorded, and sends nothing. */
import { UsageError } from 'command-line';
import { consoleExitCode, consoleJson, explainConsole, reportConsole } from './console/report';
import { examineHar } from './har/examineHar';
import { readHar } from './har/readHar';
import { harExitCode, harJson, reportHar } from './har/report';
import type { Style } from './terminal';

export type RecordingCommand =
  | { kind: 'har'; file: string; json: boolean; verbose: boolean }
  | { kind: 'console'; text: string; json: boolean };

interface Effects {
  /** Reads a file, or standard input for `-`. */
  readFile: (path: string) => Promise<string>;
  write: (text: string) => void;
  style: Style;
}

/**
 * @returns the exit code: 1 if a blocked request is explained, 2 if a cause is not recorded, 0 if nothing is blocked.
 * @throws UsageError
 */
export async function runRecording(
  command: RecordingCommand,
  { readFile, write, style }: Effects,
): Promise<number> {
  if (command.kind === 'console') {
    const explained = explainConsole(command.text === '-' ? await readFile('-') : command.text);
    write(command.json ? consoleJson(explained) : reportConsole(explained, style));
    return consoleExitCode(explained);
  }
  const { file, json, verbose } = command;
  const name = file === '-' ? 'Standard input' : file;
  let text: string;
  try {
    text = await readFile(file);
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    throw new UsageError(`Cannot read ${file}: ${(cause as Error).message}.`, { cause });
  }
  const examined = await examineHar(readHar(text, name));
  write(json ? harJson(examined) : reportHar(name, examined, style, verbose));
  return harExitCode(examined);
}
