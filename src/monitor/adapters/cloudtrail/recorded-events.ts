import { envelopeOf, readRecord } from './cloudtrail-event-history.ts';

/**
 * The EventBridge envelopes in a text: one or a list of them, a line each, a log file of CloudTrail, or what
 * `aws cloudtrail lookup-events` prints. Undefined for a text that is no JSON.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-examples.html
 */
export function recordedEvents(text: string): readonly unknown[] | undefined {
  const whole = parsed(text);
  if (whole !== undefined) return envelopesIn(whole);
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const each = lines.map(parsed);
  return lines.length === 0 || each.includes(undefined) ? undefined : each.flatMap(envelopesIn);
}

function envelopesIn(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap(envelopesIn);
  if (typeof value !== 'object' || value === null || 'detail-type' in value) return [value];
  if ('Records' in value && Array.isArray(value.Records)) return value.Records.flatMap(envelopesIn);
  if ('Events' in value && Array.isArray(value.Events)) return value.Events.flatMap(envelopesIn);
  if ('CloudTrailEvent' in value) return [envelopeOf(readRecord(String(value.CloudTrailEvent)) ?? {})];
  return 'eventName' in value ? [envelopeOf({ ...value })] : [value];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
