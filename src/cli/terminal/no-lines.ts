import type { TableConstructorOptions } from 'cli-table3';

/** Draws a table without lines, which `grep` and `awk` can read, too. */
export const NO_LINES: NonNullable<TableConstructorOptions['chars']> = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '',
};
