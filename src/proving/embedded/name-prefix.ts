/** What the names of dashboards and alarms of the embedded deployment begin with. */
export const NAME_PREFIX = 'rotation-monitor-';
