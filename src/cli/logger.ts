/** Creates the logger of the command: JSON lines, or readable lines on a terminal. */
import type { Logger } from 'pino';
import type { Config } from '../config/config';
import { escapeLine } from '../http/safeLog';
import { logDestination } from './logDestination';

/** Fields that are of no use on a terminal, or that the message repeats. */
const IGNORED = 'pid,hostname,method,path,status';

/** pino is loaded on demand, so that the embedded engine can start before. Only a terminal needs pino-pretty. */
export async function createLogger(level: Config['logLevel']): Promise<Logger> {
  const { pino } = await import('pino');
  const options = { level, hooks: { streamWrite: escapeLine } };
  if (!process.stdout.isTTY) return pino(options, logDestination());
  const { PinoPretty } = await import('pino-pretty');
  return pino(options, PinoPretty({ ignore: IGNORED, singleLine: true, translateTime: 'SYS:HH:MM:ss' }));
}
