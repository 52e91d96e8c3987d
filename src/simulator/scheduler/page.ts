import * as z from 'zod';
import { invalid } from './errors.ts';

/** The members of a request that ask for a page; numbers may come as text, out of a query string. */
export const PAGING: {
  readonly NextToken: z.ZodOptional<z.ZodString>;
  readonly MaxResults: z.ZodDefault<z.ZodCoercedNumber>;
} = {
  NextToken: z.string().min(1).max(2048).optional(),
  MaxResults: z.coerce.number().int().min(1).max(100).default(100),
};

/** The page that a request asks for, and the token of the next page if there is one. */
export function page<T>(
  all: readonly T[],
  { NextToken, MaxResults }: { readonly NextToken?: string | undefined; readonly MaxResults: number },
): { readonly items: readonly T[]; readonly NextToken?: string } {
  const decoded = NextToken === undefined ? '0' : Buffer.from(NextToken, 'base64url').toString();
  if (!/^\d+$/.test(decoded)) throw invalid('Invalid NextToken.');
  const end = Number(decoded) + MaxResults;
  const items = all.slice(Number(decoded), end);
  return end < all.length ? { items, NextToken: Buffer.from(String(end)).toString('base64url') } : { items };
}
