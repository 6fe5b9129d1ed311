/** Compiles the shapes of a constraints table into functions that say what is wrong with a value. */
import { awsFault } from '../fault.ts';
import { ofEach, type Rule, rulesOf, satisfies } from './rules.ts';
import type { ConstraintsTable, ShapeRow } from './table.ts';

/**
 * Adds to `found` a sentence for each constraint that `value`, which is at `path`, does not satisfy. Throws
 * `MalformedInput` for a number that the vendor's type cannot hold: that is found out before any constraint is looked at.
 */
export type Check = (value: unknown, path: string, found: string[]) => void;

/** What is compiled once for each shape. */
export interface Compiled {
  /** Undefined: nothing can be wrong. */
  readonly check: Check | undefined;
  readonly rules: readonly Rule[];
  /** Whether it is, or holds, what must not be repeated. */
  readonly secret: boolean;
  /** The value as Java prints it. */
  show(value: unknown): string;
}

type Compile = (part: string) => Compiled;

const UNCONSTRAINED: Compiled = { check: undefined, rules: [], secret: false, show: showPlain };

/** `done` keeps what was compiled before: shapes are shared by operations. No shape of an input holds itself. */
export function compileShape(shapes: ConstraintsTable['shapes'], name: string, done: Map<string, Compiled>): Compiled {
  const before = done.get(name);
  if (before !== undefined) return before;
  const row = shapes[name];
  const compiled =
    row === undefined ? UNCONSTRAINED : compileRow(name, row, (part) => compileShape(shapes, part, done));
  done.set(name, compiled);
  return compiled;
}

function compileRow(name: string, row: ShapeRow, compile: Compile): Compiled {
  const rules = rulesOf(row);
  const parts = [...Object.values(row.members ?? {}), row.item, row.key, row.value];
  const secret = row.sensitive === true || parts.some((part) => part !== undefined && compile(part).secret);
  const self = { rules, secret, show: showOf(name, row, compile) };
  const inside = row.bits === undefined ? insideOf(row, compile, self) : wholeCheck(row.bits);
  if (rules.length === 0 && inside === undefined) return { ...self, check: undefined };
  const check: Check = (value, path, found) => {
    for (const rule of rules) if (!rule.holds(value)) found.push(sentence(self, value, path, rule.text));
    inside?.(value, path, found);
  };
  return { ...self, check };
}

type Shown = Pick<Compiled, 'secret' | 'show'>;

function sentence({ secret, show }: Shown, value: unknown, path: string, constraint: string): string {
  return `Value${secret ? '' : ` '${show(value)}'`} at '${path}' failed to satisfy constraint: ${constraint}`;
}

function insideOf(row: ShapeRow, compile: Compile, self: Shown): Check | undefined {
  if (row.members !== undefined) return membersCheck(row.members, new Set(row.required), compile);
  if (row.item !== undefined) return itemsCheck(compile(row.item), self);
  if (row.key !== undefined && row.value !== undefined) return mapCheck(compile(row.key), compile(row.value), self);
  return undefined;
}

function wholeCheck(bits: number): Check {
  return (value) => {
    if (Number.isInteger(value) && Math.abs(Number(value)) <= 2 ** (bits - 1)) return;
    throw awsFault(
      'MalformedInput',
      `${String(value)} can not be converted to ${bits === 32 ? 'an Integer' : 'a Long'}`,
    );
  };
}

function membersCheck(
  members: Readonly<Record<string, string>>,
  required: ReadonlySet<string>,
  compile: Compile,
): Check | undefined {
  const checked = Object.entries(members)
    .map(([name, shape]) => ({ name, at: lowerFirst(name), required: required.has(name), check: compile(shape).check }))
    .filter((member) => member.required || member.check !== undefined);
  if (checked.length === 0) return undefined;
  return (value, path, found) => {
    if (!isRecord(value)) return;
    for (const member of checked) {
      const part = value[member.name];
      const at = path === '' ? member.at : `${path}.${member.at}`;
      if (part !== undefined && part !== null) member.check?.(part, at, found);
      else if (member.required)
        found.push(`Value null at '${at}' failed to satisfy constraint: Member must not be null`);
    }
  };
}

/** A list of structures says which one is wrong; a list of plain values is repeated as a whole. */
function itemsCheck(item: Compiled, self: Shown): Check | undefined {
  const { check, rules } = item;
  if (check === undefined) return undefined;
  const all = ofEach('Member', rules);
  return (value, path, found) => {
    if (!Array.isArray(value)) return;
    if (rules.length === 0)
      for (const [index, one] of value.entries()) check(one, `${path}.${index + 1}.member`, found);
    else if (!value.every((one) => satisfies(one, rules))) found.push(sentence(self, value, path, all));
  };
}

function mapCheck(key: Compiled, item: Compiled, self: Shown): Check | undefined {
  if (key.check === undefined && item.check === undefined) return undefined;
  const [keys, values] = [ofEach('Map keys', key.rules), ofEach('Map value', item.rules)];
  return (value, path, found) => {
    if (!isRecord(value)) return;
    const entries = Object.entries(value);
    if (!entries.every(([name]) => satisfies(name, key.rules))) found.push(sentence(self, value, path, keys));
    if (!entries.every(([, one]) => satisfies(one, item.rules))) found.push(sentence(self, value, path, values));
    if (item.rules.length > 0) return;
    for (const [name, one] of entries) item.check?.(one, `${path}.${name}.member`, found);
  };
}

function showOf(name: string, row: ShapeRow, compile: Compile): (value: unknown) => string {
  const { members, item, value: valueShape } = row;
  if (members !== undefined) {
    const names = Object.entries(members).sort(([a], [b]) => (a < b ? -1 : 1));
    return (value) => {
      if (!isRecord(value)) return showPlain(value);
      const parts = names.map(([member, shape]) => `${lowerFirst(member)}=${compile(shape).show(value[member])}`);
      return `${name}(${parts.join(', ')})`;
    };
  }
  if (item !== undefined) {
    return (value) => (Array.isArray(value) ? `[${value.map(compile(item).show).join(', ')}]` : showPlain(value));
  }
  if (valueShape !== undefined) {
    return (value) => {
      if (!isRecord(value)) return showPlain(value);
      return `{${Object.entries(value)
        .map(([key, one]) => `${key}=${compile(valueShape).show(one)}`)
        .join(', ')}}`;
    };
  }
  return showPlain;
}

function showPlain(value: unknown): string {
  if (value === undefined || value === null) return 'null';
  if (value instanceof Uint8Array) return `java.nio.HeapByteBuffer[pos=0 lim=${value.length} cap=${value.length}]`;
  return value instanceof Date ? value.toISOString() : String(value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
