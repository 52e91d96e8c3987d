import type { Input } from '../../call/service.ts';
import { invalidNextToken } from '../store/errors.ts';
import { readText } from '../store/read-input.ts';

/** Writes the place where the next page begins into a text that means nothing to callers. */
export const pageToken = (place: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify(place)).toString('base64url');

/** Reads the NextToken of a request; undefined for a first page. Fails when it is not a place of `length` parts. */
export function readPageToken(input: Input, length: number): readonly (string | number)[] | undefined {
  const token = readText(input, 'NextToken');
  if (token === undefined) return undefined;
  const place = parsed(token);
  if (Array.isArray(place) && place.length === length && place.every(isPart)) return place;
  throw invalidNextToken();
}

function parsed(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString());
  } catch {
    return undefined;
  }
}

const isPart = (part: unknown): part is string | number =>
  typeof part === 'string' || typeof part === 'number';
