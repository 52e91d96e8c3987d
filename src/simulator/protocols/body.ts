import { gunzipSync } from 'node:zlib';
import { AwsError } from '../call/aws-error.ts';

/** Largest body that the simulator reads: twice the 1 MiB that SQS, EventBridge and CloudWatch accept. */
export const MAX_BODY_BYTES: number = 2 * 1024 * 1024;

/** The text of a body, unpacked when its encoding is gzip; fails with an AwsError when it is too large or broken. */
export function bodyText(bytes: Uint8Array, encoding: string | undefined): string {
  if (bytes.byteLength > MAX_BODY_BYTES) throw tooLarge();
  return utf8(encoding === 'gzip' ? unpacked(bytes) : bytes);
}

/** The error for a body over MAX_BODY_BYTES. */
export const tooLarge = (): AwsError =>
  new AwsError('RequestEntityTooLarge', `Request bodies may have ${MAX_BODY_BYTES} bytes at most.`, 413);

function unpacked(bytes: Uint8Array): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_BODY_BYTES });
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge();
    throw new AwsError('SerializationException', 'The request body is not valid gzip.');
  }
}

const utf8 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
