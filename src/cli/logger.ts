/** Creates the logger of the command: JSON lines, or readable lines on a terminal. */
import { pino, type Logger } from 'pino';
import type { Config } from '../config/config';
import { escapeLine } from '../http/safeLog';
import { logDestination } from './logDestination';

/** Fields that are of no use on a terminal, or that the message repeats. */
const IGNORED = 'pid,hostname,method,path,status';

/** pino-pretty is loaded on demand, because a server whose output is not a terminal does not need it. */
export async function createLogger(level: Config['logLevel']): Promise<Logger> {
  const options = { level, hooks: { streamWrite: escapeLine } };
  if (!process.stdout.isTTY) return pino(options, logDestination());
  const { PinoPretty } = await import('pino-pretty');
  return pino(options, PinoPretty({ ignore: IGNORED, singleLine: true, translateTime: 'SYS:HH:MM:ss' }));
}
