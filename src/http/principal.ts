/** The client of a request, once it has proved who it is. */

export interface Principal {
  /** The name of its API key, or the subject of its token. */
  name: string;
  /** What the server knows about it, as in a JSON Web Token. With an API key, only `sub`, its name. */
  claims: Readonly<Record<string, unknown>>;
}

declare module 'express-serve-static-core' {
  interface Request {
    /** Undefined without authentication. */
    principal?: Principal;
  }
}
