/** An execution environment: a process that runs a function, one event at a time. */
import { spawn, type ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import type { Built } from './build';
import type { LambdaFunction } from './lambdaFunction';
import { logLines } from './logLines';
import { FunctionError, RuntimeApi, type HandlerResult } from './runtimeApi';

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

/** The longest time until a function is ready. https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html */
const INIT_TIMEOUT_MS = 10_000;

/** The process of one function, and the runtime API that it requests events from. */
export class Environment {
  private readonly lambda: LambdaFunction;
  private readonly api: RuntimeApi;
  private readonly child: ChildProcess;
  /** Resolves when the process has ended. */
  readonly ended: Promise<void>;

  private constructor(lambda: LambdaFunction, api: RuntimeApi, child: ChildProcess) {
    this.lambda = lambda;
    this.api = api;
    this.child = child;
    this.ended = new Promise((resolve) => {
      const end = (reason: string) => {
        api.fail(reason);
        resolve();
      };
      child.on('error', (error) => end(spawnFailure(error)));
      child.on('exit', (code, signal) =>
        end(`Runtime.ExitError: the process exited with ${code ?? signal ?? ''}`),
      );
    });
  }

  /** Starts the process of a function. @throws FunctionError */
  static async start(lambda: LambdaFunction, built: Built, surroundings: Surroundings): Promise<Environment> {
    const { region, accountId, log } = surroundings;
    const api = new RuntimeApi(`arn:aws:lambda:${region}:${accountId}:function:${lambda.logicalId}`);
    try {
      const env = {
        NODE_PATH: built.directory,
        ...variables(lambda, surroundings),
        AWS_LAMBDA_RUNTIME_API: await api.listen(),
        LAMBDA_TASK_ROOT: built.directory,
      };
      const child = spawn(
        process.execPath,
        [...nodeFlags(lambda.runtime, env), built.runtime, JSON.stringify(built.packages)],
        { cwd: built.directory, env, stdio: ['ignore', 'pipe', 'pipe'] },
      );
      for (const output of [child.stdout, child.stderr]) {
        logLines(output, log);
        // A process that the function has started can keep the pipe open. The gateway must not wait for it.
        if (output instanceof Socket) output.unref();
      }
      return new Environment(lambda, api, child);
    } catch (error) {
      // Node.js throws the errors of some system calls, and emits those of others.
      api.fail(spawnFailure(error as Error));
      throw new FunctionError(spawnFailure(error as Error), { cause: error });
    }
  }

  get isAlive(): boolean {
    return this.api.isAlive;
  }

  /** Invokes the function. Stops it at its timeout, as Lambda does. Rejects with a FunctionError. */
  async invoke(id: string, event: object): Promise<HandlerResult> {
    await this.limit(
      INIT_TIMEOUT_MS,
      'Runtime.InitTimeout: loading took longer than 10 seconds',
      this.api.ready(),
    );
    const { timeout } = this.lambda;
    const result = this.api.invoke(id, event, Date.now() + timeout * 1000);
    const finished = result.then(({ done }) => done);
    this.limit(timeout * 1000, `Task timed out after ${timeout} seconds`, finished).catch(() => undefined);
    return result;
  }

  /** Kills the process and fails its current invocation with this reason. */
  async stop(reason: string): Promise<void> {
    this.api.fail(reason);
    this.child.kill('SIGKILL');
    await this.ended;
  }

  private async limit<Value>(milliseconds: number, reason: string, pending: Promise<Value>): Promise<Value> {
    const timer = setTimeout(() => void this.stop(reason), milliseconds);
    try {
      return await pending;
    } finally {
      clearTimeout(timer);
    }
  }
}

function spawnFailure({ message }: Error): string {
  return `Runtime.SpawnError: the process could not start: ${message}. Check the code directory and the environment variables`;
}

/**
 * Returns the arguments of Node.js. Lambda disables features of some versions unless NODE_OPTIONS enables them.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html
 */
function nodeFlags(runtime: string, { NODE_OPTIONS = '' }: Record<string, string | undefined>): string[] {
  const version = Number(/^nodejs(\d+)/.exec(runtime)?.[1] ?? Infinity);
  const disabled = [
    ...(version < 24 ? ['experimental-require-module'] : []),
    ...(version === 22 ? ['experimental-detect-module'] : []),
  ];
  const flags = disabled
    .filter(
      (name) => process.allowedNodeEnvironmentFlags.has(`--${name}`) && !NODE_OPTIONS.includes(`--${name}`),
    )
    .map((name) => `--no-${name}`);
  return ['--enable-source-maps', ...flags];
}

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
function variables(lambda: LambdaFunction, { region, overrides, inherited }: Surroundings) {
  return {
    ...inherited,
    AWS_REGION: inherited.AWS_REGION ?? region,
    AWS_DEFAULT_REGION: inherited.AWS_DEFAULT_REGION ?? inherited.AWS_REGION ?? region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${lambda.runtime || 'nodejs'}`,
    AWS_LAMBDA_FUNCTION_NAME: lambda.logicalId,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(lambda.memorySize),
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${lambda.logicalId}`,
    AWS_LAMBDA_LOG_STREAM_NAME: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    TZ: ':UTC',
    // The warning would be about the local Node.js, not about the function's runtime.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    _HANDLER: lambda.handler,
    ...lambda.environment,
    ...overrides,
  };
}
