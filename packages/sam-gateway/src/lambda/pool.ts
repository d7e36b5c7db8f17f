/** The execution environments of one function, one per concurrent event. */
import type { Built } from './build';
import { Environment, type Surroundings } from './environment';
import type { LambdaFunction } from './lambdaFunction';
import type { HandlerResult } from './runtimeApi';

/** Starts environments when needed, and reuses idle ones. */
export class FunctionPool {
  readonly lambda: LambdaFunction;
  private readonly built: Built;
  private readonly surroundings: Surroundings;
  private readonly all = new Set<Environment>();
  private idle: Environment[] = [];
  private closed = false;

  constructor(lambda: LambdaFunction, built: Built, surroundings: Surroundings) {
    this.lambda = lambda;
    this.built = built;
    this.surroundings = surroundings;
  }

  /**
   * Invokes the function in an idle environment, or in a new one. At the function's timeout the environment
   * stops, as it does in Lambda.
   *
   * @throws FunctionError
   */
  async invoke(id: string, event: object): Promise<HandlerResult> {
    const environment = await this.acquire();
    const milliseconds = this.lambda.timeout * 1000;
    const timer = setTimeout(() => {
      void environment.stop(`Task timed out after ${this.lambda.timeout} seconds`);
    }, milliseconds);
    const release = () => {
      clearTimeout(timer);
      if (environment.isAlive) this.idle.push(environment);
      else this.all.delete(environment);
    };
    try {
      const result = await environment.invoke(id, event, Date.now() + milliseconds);
      void result.done.then(release);
      return result;
    } catch (error) {
      release();
      throw error;
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.all].map((environment) => environment.stop('the gateway is shutting down')));
    await this.built.remove();
  }

  private async acquire(): Promise<Environment> {
    this.idle = this.idle.filter(({ isAlive }) => isAlive);
    const idle = this.idle.pop();
    if (idle !== undefined) return idle;
    const environment = await Environment.start(this.lambda, this.built, this.surroundings);
    this.all.add(environment);
    if (this.closed) await environment.stop('the gateway is shutting down');
    return environment;
  }
}
