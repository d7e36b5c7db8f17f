/** A deployment of the backend that the contract kit can test. */
export interface Backend {
  name: string;
  /** Whether the backend is reached without API Gateway. */
  isDirect: boolean;
  /** Starts the backend with only these environment variables. */
  start(environment: Readonly<Record<string, string>>): Promise<RunningBackend>;
}

export interface RunningBackend {
  /** Includes the prefix of the routes; no trailing slash. */
  url: string;
  close(): Promise<void>;
}
