/** The execution environments of one function, one per concurrent event. */
import { setTimeout as delay } from 'node:timers/promises';
import { buildFunction, type Built } from './build';
import { Environment, type Surroundings } from './environment';
import type { LambdaFunction } from './lambdaFunction';
import { FunctionError, type HandlerResult } from './runtimeApi';

/**
 * A process that has sent its result usually asks for the next event at once. A request waits at most this long for it
 * before another process is started.
 */
const FINISH_MS = 100;

/** Builds the function, starts environments when needed, and reuses idle ones. */
export class FunctionPool {
  readonly lambda: LambdaFunction;
  private readonly root: string;
  private readonly surroundings: Surroundings;
  private readonly closing = new AbortController();
  private readonly all = new Set<Environment>();
  private idle: Environment[] = [];
  /** Resolve when an environment whose result is complete becomes idle. */
  private readonly finishing = new Set<Promise<void>>();
  private building: Promise<Built> | undefined;

  /** @param root the directory of the template. */
  constructor(root: string, lambda: LambdaFunction, surroundings: Surroundings) {
    this.root = root;
    this.lambda = lambda;
    this.surroundings = surroundings;
  }

  /** Builds the function once. After a failure, the next call tries again. @throws FunctionError */
  async build(): Promise<Built> {
    this.closing.signal.throwIfAborted();
    this.building ??= buildFunction(this.root, this.lambda, this.closing.signal);
    try {
      return await this.building;
    } catch (error) {
      this.building = undefined;
      if (error instanceof FunctionError) throw error;
      throw new FunctionError((error as Error).message, { cause: error });
    }
  }

  /** Invokes the function in an idle environment, or in a new one. @throws FunctionError */
  async invoke(id: string, event: object): Promise<HandlerResult> {
    const environment = await this.acquire();
    const release = () => {
      if (environment.isAlive) this.idle.push(environment);
    };
    try {
      const result = await environment.invoke(id, event);
      const done = result.done.then(release);
      void result.complete.then(() => this.finishing.add(done));
      void Promise.all([result.complete, done]).then(() => this.finishing.delete(done));
      return result;
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Stops the processes and deletes the build output. */
  async close(): Promise<void> {
    this.closing.abort(new FunctionError('the gateway is shutting down'));
    await Promise.all([...this.all].map((environment) => environment.stop('the gateway is shutting down')));
    const built = await this.building?.catch(() => undefined);
    await built?.remove();
  }

  private async acquire(): Promise<Environment> {
    if (this.idle.length === 0 && this.finishing.size > 0) {
      await Promise.race([...this.finishing, delay(FINISH_MS)]);
    }
    this.idle = this.idle.filter(({ isAlive }) => isAlive);
    const idle = this.idle.pop();
    if (idle !== undefined) return idle;
    const environment = await Environment.start(this.lambda, await this.build(), this.surroundings);
    this.all.add(environment);
    void environment.ended.then(() => this.all.delete(environment));
    if (this.closing.signal.aborted) await environment.stop('the gateway is shutting down');
    return environment;
  }
}
