/** Creates the logger of the command: JSON lines, or readable lines on a terminal. */
import { pino, type Logger } from 'pino';
import type { Config } from '../config/config';

/** Fields that are of no use on a terminal, or that the message repeats. */
const IGNORED = 'pid,hostname,method,path,status';

/** pino-pretty is loaded on demand, because a server whose output is not a terminal does not need it. */
export async function createLogger(level: Config['logLevel']): Promise<Logger> {
  if (!process.stdout.isTTY) return pino({ level });
  const { PinoPretty } = await import('pino-pretty');
  return pino({ level }, PinoPretty({ ignore: IGNORED, singleLine: true, translateTime: 'SYS:HH:MM:ss' }));
}
