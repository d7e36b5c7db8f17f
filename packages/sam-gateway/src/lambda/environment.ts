/** An execution environment: a process that runs a function, one event at a time. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Built } from './build';
import type { LambdaFunction } from './lambdaFunction';
import { RuntimeApi, type HandlerResult } from './runtimeApi';

export interface Surroundings {
  region: string;
  accountId: string;
  /** Environment variables of every function. They override those of the template. */
  overrides: Readonly<Record<string, string>>;
  /** Environment variables of this process: paths and AWS credentials. */
  inherited: Readonly<Record<string, string | undefined>>;
  /** Receives each line that a function prints. */
  log: (line: string) => void;
}

/** The process of one function, and the runtime API that it requests events from. */
export class Environment {
  private readonly api: RuntimeApi;
  private readonly child: ChildProcess;
  private ended = false;

  private constructor(api: RuntimeApi, child: ChildProcess) {
    this.api = api;
    this.child = child;
    child.once('exit', () => {
      this.ended = true;
      api.fail('Runtime.ExitError: the process of the function exited');
      api.close();
    });
  }

  static async start(lambda: LambdaFunction, built: Built, surroundings: Surroundings): Promise<Environment> {
    const { region, accountId } = surroundings;
    const api = new RuntimeApi(`arn:aws:lambda:${region}:${accountId}:function:${lambda.logicalId}`);
    const child = spawn(process.execPath, ['--enable-source-maps', built.runtime], {
      cwd: built.directory,
      env: {
        ...variables(lambda, surroundings),
        AWS_LAMBDA_RUNTIME_API: await api.listen(),
        LAMBDA_TASK_ROOT: built.directory,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const output of [child.stdout, child.stderr]) {
      createInterface({ input: output }).on('line', surroundings.log);
    }
    return new Environment(api, child);
  }

  get isAlive(): boolean {
    return !this.ended;
  }

  /** Rejects with a FunctionError. */
  invoke(id: string, event: object, deadline: number): Promise<HandlerResult> {
    return this.api.invoke(id, event, deadline);
  }

  /** Kills the process and fails its current invocation with this reason. */
  async stop(reason: string): Promise<void> {
    const exited = this.ended ? undefined : once(this.child, 'exit');
    this.ended = true;
    this.api.fail(reason);
    this.child.kill('SIGKILL');
    await exited;
  }
}

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
function variables(lambda: LambdaFunction, { region, overrides, inherited }: Surroundings) {
  return {
    ...inherited,
    AWS_REGION: inherited.AWS_REGION ?? region,
    AWS_LAMBDA_FUNCTION_NAME: lambda.logicalId,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(lambda.memorySize),
    TZ: ':UTC',
    // The warning would be about the local Node.js, not about the function's runtime.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    _HANDLER: lambda.handler,
    ...lambda.environment,
    ...overrides,
  };
}
