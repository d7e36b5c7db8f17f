/** Measures how many small requests per second a server handles. */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { nextMessage } from './serverProcess';

export interface SmallRequest {
  url: string;
  method: string;
  headers: Record<string, string>;
  body?: string;
}

export interface Load {
  /** Sends a request `count` times over 10 connections. Throws unless every response is a success. */
  requestsPerSecond(request: SmallRequest, count: number): Promise<number>;
  stop(): void;
}

/** Starts the load generator in its own process. */
export function startLoad(): Load {
  const child = fork(join(__dirname, 'autocannon.js'));
  return {
    async requestsPerSecond(request, count) {
      child.send({ ...request, amount: count });
      const { milliseconds, successes, errors } = await nextMessage<Report>(child);
      if (successes !== count) {
        throw new Error(`${request.url}: ${successes} of ${count} requests succeeded, ${errors} errors`);
      }
      return (count / milliseconds) * 1000;
    },
    stop: () => void child.kill(),
  };
}

interface Report {
  milliseconds: number;
  successes: number;
  errors: number;
}
