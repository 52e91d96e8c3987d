import type {
  AwsConnection,
  Connected,
  NotConnected,
} from '../../monitor/compose/operator/compose-connection.ts';
import type { Terminal } from '../terminal/output.ts';
import { type Attempted, awsFault, notConnected, type Place, whereOf } from './aws-fault.ts';
import { isAwsError } from './cause.ts';
import { type ConnectionOptions, connecting } from './connecting.ts';

/** A command's connection options and the name of its task. */
export interface Calling {
  readonly options: ConnectionOptions;
  readonly terminal: Pick<Terminal, 'environment' | 'ask'>;
  /** The task to name when it fails, such as `Cannot explain the secret`; the place is added to it. */
  readonly what: string;
  readonly needs: Attempted['needs'];
  readonly command: string;
  /** The secret that was named; an ARN says its region. */
  readonly secretId?: string | undefined;
}

/** A connection that was made, and where it leads. */
export interface Called {
  readonly connected: Connected;
  readonly connection: AwsConnection;
  readonly place: Place;
}

/**
 * Connects as the options say and does something there. Whatever AWS refuses on the way is reported with its real
 * cause; mistakes of the program pass through as they are.
 */
export async function calling<T>(call: Calling, act: (called: Called) => Promise<T>): Promise<T> {
  const { options, terminal, what, secretId } = call;
  const { connection, place } = connecting(options, terminal, secretId);
  // Loaded here, so that `--help` does not wait for the AWS SDK.
  const { connectAws } = await import('../../monitor/compose/operator/compose-connection.ts');
  let at = place;
  try {
    const connected: Connected | NotConnected = await connectAws(connection);
    if (connected.kind !== 'ready') throw notConnected(connected, { ...call, place });
    at = { ...place, region: connected.region };
    return await act({ connected, connection, place: at });
  } catch (error) {
    if (!isAwsError(error)) throw error;
    throw awsFault(error, { ...call, what: `${what} at ${whereOf(at)}`, place: at });
  }
}
