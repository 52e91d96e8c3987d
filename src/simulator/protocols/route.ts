import type { CredentialScope } from './credential.ts';
import type { Exchange } from './wire.ts';

/** What a request tells of where it wants to go and who sent it. */
export interface Sender {
  /** Name of the role that calls unless the credentials are those of a session. */
  readonly role: string;
  /** What the request is signed with; undefined when it is not signed. */
  readonly scope: CredentialScope | undefined;
}

/** Who answers a request, and as whose. */
export interface Destination {
  readonly exchange: Exchange;
  readonly role: string;
}

/** Finds out who answers a request; fails with an AwsError when nobody does. */
export type Route = (sender: Sender) => Destination;
