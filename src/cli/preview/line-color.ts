/** Colours of lines that name none; none of them is red. */
const COLORS = [
  '#1f77b4',
  '#2ca02c',
  '#8c5fbf',
  '#e07941',
  '#17a2b8',
  '#7f7f7f',
  '#9a8c2d',
  '#b5739d',
] as const;

/** The colour of the line at this place. */
export const lineColor = (index: number): string => COLORS[index % COLORS.length] ?? COLORS[0];
