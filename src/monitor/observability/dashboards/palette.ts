/** Colours of lines. None is red: red is what CloudWatch paints an alarm with that rings. */
export const COLORS = {
  blue: '#1f77b4',
  teal: '#17a2b8',
  green: '#2ca02c',
  orange: '#e07941',
  purple: '#8c5fbf',
  grey: '#7f7f7f',
} as const;
