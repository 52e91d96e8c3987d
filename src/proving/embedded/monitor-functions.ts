/** Names of the monitor's functions, all but those of a canary. */
export const MONITOR_FUNCTIONS = [
  'on-rotation-event',
  'on-label-updated',
  'sweep',
  'sweep-target',
  'check-secret',
  'deliver',
  'acknowledge',
  'notify-slack',
  'open-alerts-widget',
] as const;
