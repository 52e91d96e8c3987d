import { gunzipSync } from 'node:zlib';
import { AwsError } from '../call/aws-error.ts';

/** Largest body of most services: twice the 1 MiB that SQS, EventBridge and CloudWatch accept. */
const MAX_BODY_BYTES: number = 2 * 1024 * 1024;

/** Larger bodies: a batch of findings has 6 MB, and a report in S3 what 10,000 secrets need. */
const LARGER: Readonly<Record<string, number>> = {
  securityhub: 8 * 1024 * 1024,
  s3: 512 * 1024 * 1024,
};

/** Largest body that the simulator reads for a service, by the name that requests are signed with. */
export const mostBytes = (service: string | undefined): number => LARGER[service ?? ''] ?? MAX_BODY_BYTES;

/** The text of a body, unpacked when its encoding is gzip; fails with an AwsError when it is too large or broken. */
export function bodyText(bytes: Uint8Array, encoding: string | undefined, most: number): string {
  if (bytes.byteLength > most) throw tooLarge(most);
  return utf8(encoding === 'gzip' ? unpacked(bytes) : bytes);
}

/** The error for a body over its limit. */
export const tooLarge = (most: number): AwsError =>
  new AwsError('RequestEntityTooLarge', `Request bodies may have ${most} bytes at most.`, 413);

function unpacked(bytes: Uint8Array): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_BODY_BYTES });
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge(MAX_BODY_BYTES);
    throw new AwsError('SerializationException', 'The request body is not valid gzip.');
  }
}

const utf8 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
