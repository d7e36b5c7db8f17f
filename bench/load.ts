/** How many small requests a server answers. */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { message } from './child';

export interface SmallRequest {
  url: string;
  method: string;
  headers: Record<string, string>;
  body?: string;
}

export interface Load {
  /** Sends a request so many times over 10 connections; every answer has to be a success. */
  requestsPerSecond(request: SmallRequest, amount: number): Promise<number>;
  stop(): void;
}

/** Starts what sends: a process of its own. */
export function startLoad(): Load {
  const child = fork(join(__dirname, 'autocannon.js'));
  return {
    async requestsPerSecond(request, amount) {
      child.send({ ...request, amount });
      const { milliseconds, successes, errors } = await message<Report>(child);
      if (successes !== amount) {
        throw new Error(`${request.url}: ${successes} successes of ${amount}, ${errors} errors`);
      }
      return (amount / milliseconds) * 1000;
    },
    stop: () => void child.kill(),
  };
}

interface Report {
  milliseconds: number;
  successes: number;
  errors: number;
}
