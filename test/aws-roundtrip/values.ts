/** Random values of the shapes of a service, within what its own client can say on the wire. */
import fc from 'fast-check';
import type { Member, ScalarShape, Shape, StructureShape, TimestampFormat } from '../../src/wire/aws/model.ts';

export interface Rules {
  /** Structures without a member and lists without an item leave no trace in the protocol. */
  readonly leavesOutEmpty: boolean;
  /** Map and list values that are not written around one another. */
  readonly timestampFormat: TimestampFormat;
  /** Members that the client fills in, checks or leaves out by itself. */
  readonly isExcluded: (member: Member, structure: StructureShape) => boolean;
}

type Generate = fc.GeneratorValue;
type Values = Record<string, unknown>;

/** Deeper structures hold scalars alone. */
const DEEPEST = 3;

/** The value of an operation's input or output: at the top, nothing need be set. */
export function valuesOf(shape: StructureShape | undefined, rules: Rules): fc.Arbitrary<Values> {
  if (!shape) return fc.constant({});
  return fc.gen().map((generate) => structureOf(shape, generate, rules, 0) ?? {});
}

function structureOf(shape: StructureShape, generate: Generate, rules: Rules, depth: number): Values | undefined {
  const members = [...shape.members.values()].filter(
    (member) => !rules.isExcluded(member, shape) && (depth < DEEPEST || isScalar(member.shape)),
  );
  if (shape.isUnion) {
    const member = members[generate(fc.nat, Math.max(members.length - 1, 0))];
    const value = member && memberOf(member, generate, rules, depth);
    return value === undefined ? undefined : { [member!.name]: value };
  }
  const values: Values = {};
  for (const member of members) {
    const isNeeded =
      member.isIdempotencyToken ||
      ['label', 'payload', 'prefix-headers'].includes(member.location ?? '') ||
      (member.required && depth < 2);
    if (!isNeeded && generate(fc.nat, depth + 1) > 0) continue;
    const value = memberOf(member, generate, rules, depth);
    if (value !== undefined) values[member.name] = value;
  }
  if (Object.keys(values).length > 0 || depth === 0 || !rules.leavesOutEmpty) return values;
  return firstOf(members, generate, rules, depth);
}

function firstOf(members: readonly Member[], generate: Generate, rules: Rules, depth: number): Values | undefined {
  for (const member of members) {
    const value = memberOf(member, generate, rules, depth);
    if (value !== undefined) return { [member.name]: value };
  }
  return undefined;
}

const isScalar = (shape: Shape): boolean => !['structure', 'list', 'map'].includes(shape.kind);

function memberOf(member: Member, generate: Generate, rules: Rules, depth: number): unknown {
  const { shape, location } = member;
  if (location === 'header' || location === 'query' || location === 'label') return boundOf(member, generate);
  if (location === 'status') return generate(() => fc.integer({ min: 200, max: 204 }));
  if (location === 'prefix-headers') return { [generate(headerName)]: generate(headerText) };
  if (location === 'payload' && shape.kind === 'blob') return generate(bytes);
  if (location === 'payload' && shape.kind === 'string') return generate(word);
  return valueIn(shape, generate, rules, depth, member.isFlattened);
}

function valueIn(shape: Shape, generate: Generate, rules: Rules, depth: number, isFlattened = false): unknown {
  switch (shape.kind) {
    case 'structure':
      return structureOf(shape, generate, rules, depth + 1);
    case 'list': {
      const least = rules.leavesOutEmpty || isFlattened ? 1 : 0;
      const length = generate(() => fc.integer({ min: least, max: 2 }));
      const items = Array.from({ length }, () => valueIn(shape.member.shape, generate, rules, depth + 1));
      const kept = items.filter((item) => item !== undefined);
      return kept.length < least ? undefined : kept;
    }
    case 'map': {
      const key = generate(word);
      const value = valueIn(shape.value.shape, generate, rules, depth + 1);
      return value === undefined ? undefined : { [key]: value };
    }
    default:
      return scalarOf(shape, generate, rules.timestampFormat);
  }
}

/** What a header, a label or a parameter of a query string can hold. */
function boundOf({ shape, location }: Member, generate: Generate): unknown {
  const format = location === 'header' ? 'http-date' : 'date-time';
  const one = (of: Shape): unknown =>
    of.kind === 'string'
      ? generate(location === 'header' ? headerText : word)
      : scalarOf(of as ScalarShape, generate, format);
  return shape.kind === 'list' ? [one(shape.member.shape)] : one(shape);
}

function scalarOf(shape: ScalarShape, generate: Generate, format: TimestampFormat): unknown {
  switch (shape.kind) {
    case 'string':
      return generate(text);
    case 'number':
      return generate(fc.integer);
    case 'boolean':
      return generate(fc.boolean);
    case 'blob':
      return generate(bytes);
    case 'timestamp':
      return generate((shape.timestampFormat ?? format) === 'date-time' ? moments : seconds);
    case 'document':
      return { [generate(word)]: [generate(text), generate(fc.boolean), null] };
  }
}

/** With everything that a codec may stumble over; the ends are letters, for clients trim what they read. */
const text = () =>
  fc
    .tuple(word(), fc.string({ unit: fc.constantFrom(...'ab &<>"\'\n;%+=é€😀/\\'), maxLength: 6 }), word())
    .map((parts) => parts.join(''));
const word = () => fc.stringMatching(/^[A-Za-z][A-Za-z0-9_.-]{0,6}$/);
const headerText = () => fc.stringMatching(/^[A-Za-z][A-Za-z0-9_ .=:;/+-]{0,6}[A-Za-z]$/);
const headerName = () => fc.stringMatching(/^[a-z][a-z0-9-]{0,5}$/);
const bytes = () => fc.uint8Array({ minLength: 1, maxLength: 9 });
const moments = () => fc.date({ min: new Date(0), max: new Date('2099-12-31'), noInvalidDate: true });
const seconds = () => moments().map((date) => new Date(Math.floor(date.getTime() / 1000) * 1000));
