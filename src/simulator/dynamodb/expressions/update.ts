import { type AttributeValue, type Item, membersOf, typeOf } from '../values/attribute-value.ts';
import { sum } from '../values/decimal.ts';
import { refusal } from '../values/refusal.ts';
import { type Path, valueAt } from './path.ts';
import type { Change, NewValue } from './read-update.ts';

type Step = string | number;

/** Takes what stands at the end of a path; answers what shall stand there, nothing when it goes. */
type Edit = (before: AttributeValue | undefined) => AttributeValue | undefined;

/** The item after all changes; each sees the item as it was before the first. The item given stays as it is. */
export function applyUpdate(changes: readonly Change[], before: Item): Item {
  const values = changes.map((change) => (change.kind === 'SET' ? newValue(change.to, before) : undefined));
  const edits = changes.map((change, at): [Path, Edit] => [change.path, editOf(change, values[at])]);
  // Places in a list are those before the update, so what stands farthest behind is changed first.
  const ordered = edits.toSorted(([one], [two]) => Number(two.at(-1)) - Number(one.at(-1)) || 0);
  return ordered.reduce((item, [path, edit]) => editedMap(item, path, edit), before);
}

function editOf(change: Change, value: AttributeValue | undefined): Edit {
  if (change.kind === 'SET') return () => value;
  if (change.kind === 'REMOVE') return () => undefined;
  return (before) => (change.kind === 'ADD' ? added(before, change.value) : without(before, change.value));
}

function editedMap(item: Item, [first, ...rest]: readonly Step[], edit: Edit): Item {
  if (typeof first !== 'string') throw noSuchPath();
  const { [first]: before, ...others } = item;
  const after = rest.length === 0 ? edit(before) : edited(before, rest, edit);
  if (after === undefined) return before === undefined ? item : others;
  return { ...item, [first]: after };
}

function edited(value: AttributeValue | undefined, steps: readonly Step[], edit: Edit): AttributeValue {
  if (value !== undefined && 'M' in value && typeof steps[0] === 'string') {
    return { M: editedMap(value.M, steps, edit) };
  }
  const [at, ...rest] = steps;
  if (value === undefined || !('L' in value) || typeof at !== 'number') throw noSuchPath();
  const before = value.L[at];
  const after = rest.length === 0 ? edit(before) : edited(before, rest, edit);
  if (after === undefined) return { L: value.L.filter((_, index) => index !== at) };
  return { L: before === undefined ? [...value.L, after] : value.L.with(at, after) };
}

const noSuchPath = () => refusal('The document path provided in the update expression is invalid for update');

function newValue(to: NewValue, item: Item): AttributeValue {
  switch (to.kind) {
    case 'value':
      return to.value;
    case 'path':
      return existing(valueAt(item, to.path));
    case 'if_not_exists':
      return valueAt(item, to.path) ?? newValue(to.otherwise, item);
    case 'list_append': {
      const [left, right] = [newValue(to.left, item), newValue(to.right, item)];
      if ('L' in left && 'L' in right) return { L: [...left.L, ...right.L] };
      throw wrongType();
    }
    default: {
      const [left, right] = [newValue(to.left, item), newValue(to.right, item)];
      if ('N' in left && 'N' in right) return { N: sum(left.N, right.N, to.kind === '+' ? 1n : -1n) };
      throw wrongType();
    }
  }
}

function existing(value: AttributeValue | undefined): AttributeValue {
  if (value !== undefined) return value;
  throw refusal('The provided expression refers to an attribute that does not exist in the item');
}

const wrongType = () => refusal('An operand in the update expression has an incorrect data type');

/** ADD: a number grows, a set gains members; what is not there begins at zero or empty. */
function added(before: AttributeValue | undefined, value: AttributeValue): AttributeValue {
  if (before === undefined) return value;
  if (typeOf(before) !== typeOf(value)) throw wrongType();
  if ('N' in before && 'N' in value) return { N: sum(before.N, value.N) };
  const members = membersOf(before) ?? [];
  return setOf(value, [
    ...members,
    ...(membersOf(value) ?? []).filter((member) => !members.includes(member)),
  ]);
}

/** DELETE: a set loses members, and is gone with the last one. */
function without(before: AttributeValue | undefined, value: AttributeValue): AttributeValue | undefined {
  if (before === undefined) return;
  if (typeOf(before) !== typeOf(value)) throw wrongType();
  const gone = membersOf(value) ?? [];
  const left = (membersOf(before) ?? []).filter((member) => !gone.includes(member));
  return left.length === 0 ? undefined : setOf(value, left);
}

function setOf(like: AttributeValue, members: readonly string[]): AttributeValue {
  if ('SS' in like) return { SS: members };
  return 'NS' in like ? { NS: members } : { BS: members };
}
