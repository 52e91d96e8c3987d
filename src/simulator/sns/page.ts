import { invalidParameter } from './errors.ts';

/** SNS lists at most so many topics or subscriptions at once. */
const PAGE = 100;

/** The page that `token` asks for, the first without one, and the token of the next page if there is one. */
export function page<T>(
  all: readonly T[],
  token: string | undefined,
): { readonly items: readonly T[]; readonly NextToken?: string } {
  const decoded = token === undefined ? '0' : Buffer.from(token, 'base64').toString();
  if (!/^\d+$/.test(decoded)) throw invalidParameter('NextToken');
  const start = Number(decoded);
  const end = start + PAGE;
  const items = all.slice(start, end);
  return end < all.length ? { items, NextToken: Buffer.from(String(end)).toString('base64') } : { items };
}
