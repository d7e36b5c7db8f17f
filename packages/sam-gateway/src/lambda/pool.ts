/** The execution environments of one function: as many as there are events at once. */
import type { Built } from './build';
import { Environment, type Surroundings } from './environment';
import type { LambdaFunction } from './lambdaFunction';
import type { Handed } from './runtimeApi';

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
   * Invokes the function in an environment that is free, or in a new one. Where its timeout is over, the
   * environment ends, as it does in Lambda.
   *
   * @throws FunctionError
   */
  async invoke(id: string, event: object): Promise<Handed> {
    const environment = await this.take();
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
      const handed = await environment.invoke(id, event, Date.now() + milliseconds);
      void handed.done.then(release);
      return handed;
    } catch (error) {
      release();
      throw error;
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.all].map((environment) => environment.stop('the gateway stops')));
    await this.built.remove();
  }

  private async take(): Promise<Environment> {
    this.idle = this.idle.filter(({ isAlive }) => isAlive);
    const free = this.idle.pop();
    if (free !== undefined) return free;
    const started = await Environment.start(this.lambda, this.built, this.surroundings);
    this.all.add(started);
    if (this.closed) await started.stop('the gateway stops');
    return started;
  }
}
