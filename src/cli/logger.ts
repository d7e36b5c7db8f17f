/** Creates the logger of the command: JSON lines, or readable lines on a terminal. */
import { pino, type Logger } from 'pino';
import type { Config } from '../config/config';

/** pino-pretty is loaded on demand, because a server whose output is not a terminal does not need it. */
export async function createLogger(level: Config['logLevel']): Promise<Logger> {
  if (!process.stdout.isTTY) return pino({ level });
  const { PinoPretty } = await import('pino-pretty');
  return pino({ level }, PinoPretty({ ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss' }));
}
