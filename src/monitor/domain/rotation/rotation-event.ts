import type { Instant } from '../../../calendar/instant.ts';
import { type RotationRules, type SecretArn, splitSecretArn, type Target } from '../secret/secret.ts';

/** The four steps of a rotation, in order. */
export const ROTATION_STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;
/** One step of a rotation. */
export type RotationStep = (typeof ROTATION_STEPS)[number];

/** An event's reference to its secret: the full ARN, or the caller's own words (a name or a partial ARN). */
export type SecretReference =
  | { readonly kind: 'arn'; readonly arn: SecretArn }
  | { readonly kind: 'id'; readonly id: string };

interface Envelope extends Target {
  /** Idempotency key: CloudTrail's eventID, or the id of a native event. */
  readonly id: string;
  readonly at: Instant;
  readonly secret: SecretReference;
}

/** A rotation began, ended or was given up; `versionId` is parsed from the undocumented requestID and may be missing. */
export interface RotationOutcome extends Envelope {
  readonly kind:
    | 'rotation-started'
    | 'rotation-succeeded'
    | 'rotation-abandoned'
    | 'test-rotation-started'
    | 'test-rotation-succeeded';
  readonly versionId: string | undefined;
}

/** A rotation attempt failed. */
export interface RotationFailure extends Envelope {
  readonly kind: 'rotation-failed' | 'test-rotation-failed';
  readonly versionId: string | undefined;
  /** The step that failed, where the error names one. */
  readonly step: RotationStep | undefined;
  readonly functionArn: string | undefined;
  /** The text says that the pending version "was not created by Lambda": no retry can succeed. */
  readonly notCreatedByFunction: boolean;
}

/** A staging label other than AWSPENDING and AWSPREVIOUS moved to another version (native event). */
interface LabelMoved extends Envelope {
  readonly kind: 'label-moved';
  readonly label: string;
  readonly versionId: string;
}

/** Somebody called an API that can change the state of a rotation; failed calls are not reported. */
export interface SecretChanged extends Envelope {
  readonly kind: 'secret-changed';
  /** Such as `CancelRotateSecret`. */
  readonly operation: string;
  /** ARN of the caller, or the service that called. */
  readonly actor: string | undefined;
  /** The version the call was about, where it names one. */
  readonly versionId: string | undefined;
  /** Whether the call made that version AWSCURRENT. */
  readonly makesCurrent?: boolean | undefined;
  /** Whether the call put AWSPENDING on that version. */
  readonly makesPending?: boolean | undefined;
  /** The service that called on behalf of the actor, such as `cloudformation.amazonaws.com`. */
  readonly via?: string | undefined;
  /** The settings that the call names, for calls that change some. */
  readonly given?: GivenSettings | undefined;
}

/** The settings of a secret that an API call names; all bounded in size. */
export interface GivenSettings {
  /** Rules of RotateSecret. */
  readonly rules?: RotationRules | undefined;
  /** Tags of TagResource: our own alone. */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** Keys of UntagResource: our own alone. */
  readonly tagKeys?: readonly string[] | undefined;
  /** Whether DeleteSecret ended the secret at once. */
  readonly isForced?: boolean | undefined;
}

/** Secrets Manager began or ended copying a secret to another region; which one is in no known field. */
export interface Replicated extends Envelope {
  readonly kind: 'replication-started' | 'replication-succeeded' | 'replication-failed';
}

/** Something that happened to a secret and may bear on its rotation. */
export type RotationEvent = RotationOutcome | RotationFailure | Replicated | LabelMoved | SecretChanged;

/** Returns the account and region of an event's secret: a forwarded event keeps its origin, and an ARN holds both. */
export const targetOf = ({ secret, account, region }: RotationEvent): Target =>
  secret.kind === 'arn' ? splitSecretArn(secret.arn) : { account, region };

/** An event that is not ours to understand: counted, logged by id and shape, acknowledged. */
interface Unrecognised {
  readonly kind: 'unrecognised';
  readonly id: string | undefined;
  /** The reason, in a few words without any of the event's values. */
  readonly reason: string;
}

/** An event that is known and does not bear on a rotation, such as a read or a failed call. */
interface Ignored {
  readonly kind: 'ignored';
  readonly id: string | undefined;
  /** The reason, in a few words without any of the event's values. */
  readonly reason: string;
}

/** The result of parsing an envelope. */
export type ParsedEvent = RotationEvent | Ignored | Unrecognised;
