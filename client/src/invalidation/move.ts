/** A move of AWSCURRENT to another version, as the application bus reports it. */
export interface Move {
  readonly secretArn: string;
  readonly secretName: string;
  /** The version that is AWSCURRENT since. It is compared with what is read, never read itself. */
  readonly versionId: string;
  readonly previousVersionId: string | undefined;
  /** Milliseconds since the epoch. */
  readonly changedAt: number;
  /** Rises from one move of a secret to the next. */
  readonly sequence: number;
}

type Fields = Readonly<Record<string, unknown>>;

const ARN = /^arn:[^:]+:secretsmanager:[^:]+:\d{12}:secret:.+-[A-Za-z0-9]{6}$/;
const SOURCE = 'secret-rotation-monitor';
const DETAIL_TYPE = 'Secret Version Current';

/**
 * Reads the body of a message: the event of EventBridge, alone or in the envelope of SNS. Anything else is undefined;
 * nothing of a message is trusted beyond its form.
 */
export function parseMove(body: string): Move | undefined {
  const message = fieldsOf(body);
  const event = typeof message?.['Message'] === 'string' ? fieldsOf(message['Message']) : message;
  if (event?.['source'] !== SOURCE || event['detail-type'] !== DETAIL_TYPE) return undefined;
  const detail = asFields(event['detail']) ?? {};
  const { secretArn, secretName, versionId, previousVersionId, changedAt, sequence } = detail;
  if (!isText(secretArn, 2_048) || !ARN.test(secretArn) || !isText(secretName, 512)) return undefined;
  const at = isText(changedAt, 40) ? Date.parse(changedAt) : Number.NaN;
  if (!isText(versionId, 64) || !Number.isFinite(at) || !Number.isSafeInteger(sequence)) return undefined;
  return {
    secretArn,
    secretName,
    versionId,
    previousVersionId: isText(previousVersionId, 64) ? previousVersionId : undefined,
    changedAt: at,
    sequence: Number(sequence),
  };
}

const isText = (value: unknown, longest: number): value is string =>
  typeof value === 'string' && value !== '' && value.length <= longest;

const asFields = (value: unknown): Fields | undefined =>
  typeof value === 'object' && value !== null ? (value as Fields) : undefined;

function fieldsOf(text: string): Fields | undefined {
  try {
    return asFields(JSON.parse(text));
  } catch {
    return undefined;
  }
}
