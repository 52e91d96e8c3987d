/** A number as people read it: whole ones with separators, others with two decimals or three digits. */
export function numberText(value: number): string {
  if (Number.isInteger(value)) return value.toLocaleString('en-GB');
  if (Math.abs(value) >= 1) return value.toLocaleString('en-GB', { maximumFractionDigits: 2 });
  return value.toLocaleString('en-GB', { maximumSignificantDigits: 3 });
}
