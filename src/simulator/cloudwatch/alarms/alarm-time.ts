const TWO = (number: number): string => String(number).padStart(2, '0');

/** A time in the reasons of metric alarms, such as `30/10/22 20:47:00`. */
export function formatUtc(at: number): string {
  const date = new Date(at);
  const day = [date.getUTCDate(), date.getUTCMonth() + 1, date.getUTCFullYear() % 100].map(TWO).join('/');
  return `${day} ${[date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(TWO).join(':')}`;
}

/** A time in the reasons of composite alarms, such as `Sunday 30 October, 2022 20:47:35 UTC`. */
export function formatLong(at: number): string {
  const date = new Date(at);
  const part = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' }).format(date);
  const day = `${part({ weekday: 'long' })} ${TWO(date.getUTCDate())} ${part({ month: 'long' })}, ${date.getUTCFullYear()}`;
  return `${day} ${[date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(TWO).join(':')} UTC`;
}

/** A time in the JSON that alarms send, such as `2022-10-30T20:47:35.671+0000`. */
export const formatOffset = (at: number): string => new Date(at).toISOString().replace('Z', '+0000');
