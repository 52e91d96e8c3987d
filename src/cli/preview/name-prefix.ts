/** What the names of dashboards and alarms begin with where nothing else is said: the name of the stack, and a hyphen. */
export const NAME_PREFIX = 'rotation-monitor-';
