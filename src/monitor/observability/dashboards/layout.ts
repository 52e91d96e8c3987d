import type { PlacedWidget, Widget } from './body.ts';

/** Columns of a dashboard. */
const COLUMNS = 24;

/** Widgets beside each other, all of the same height; widths are in columns and add up to 24. */
export interface Row {
  readonly height: number;
  readonly widgets: readonly (readonly [width: number, widget: Widget])[];
}

/** A row of widgets of the same width. */
export const row = (height: number, ...widgets: readonly Widget[]): Row => ({
  height,
  widgets: widgets.map((widget) => [COLUMNS / widgets.length, widget]),
});

/** A row of widgets of the widths that are named. */
export const rowOf = (height: number, ...widgets: Row['widgets']): Row => ({ height, widgets });

/** Puts rows below each other; what is left out leaves no gap. */
export function placed(rows: readonly (Row | undefined)[]): readonly PlacedWidget[] {
  let y = 0;
  return rows.flatMap((each) => {
    if (each === undefined) return [];
    let x = 0;
    const widgets = each.widgets.map(([width, widget]): PlacedWidget => {
      const at = { ...widget, x, y, width, height: each.height };
      x += width;
      return at;
    });
    y += each.height;
    return widgets;
  });
}
