declare module 'dynalite' {
  import type { EventEmitter } from 'node:events';

  /** A DynamoDB in memory. */
  function dynalite(options: dynalite.DynaliteOptions): dynalite.DynaliteServer;

  namespace dynalite {
    /** The part of dynalite's options that the simulator sets. */
    interface DynaliteOptions {
      readonly createTableMs?: number;
      readonly updateTableMs?: number;
      readonly deleteTableMs?: number;
    }

    /** dynalite's server: it answers the `request` events of node:http, also those that others emit. */
    interface DynaliteServer extends EventEmitter {
      close(done?: (error?: Error | null) => void): void;
    }
  }

  export = dynalite;
}
