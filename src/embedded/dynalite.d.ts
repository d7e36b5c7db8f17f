/** Types for the part of dynalite that this project uses; the package has none of its own. */
declare module 'dynalite' {
  import type { Server } from 'node:http';

  export default function dynalite(options?: {
    /** Milliseconds that a new table stays in status CREATING. */
    createTableMs?: number;
  }): Server;
}
