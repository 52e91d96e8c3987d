/**
 * A copy of part of an answer that nobody can change, for answers that are given many times: clients in this process may
 * have it as it is. Absent members are left out.
 */
export function frozenCopy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (Array.isArray(value)) return Object.freeze(value.map(frozenCopy));
  const members = Object.entries(value).filter(([, member]) => member !== undefined && member !== null);
  return Object.freeze(Object.fromEntries(members.map(([name, member]) => [name, frozenCopy(member)])));
}
