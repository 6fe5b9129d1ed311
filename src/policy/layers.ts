/** Layers compiled for questions, and the questions prepared for them. Deciding and explaining both start here. */
import { awsRules } from './aws/rules.ts';
import { ibmRules } from './ibm-rules.ts';
import type { Ask, CompiledStatement } from './match.ts';
import type { Layer, LayerKind, Question, Statement } from './model.ts';
import type { Rules } from './need.ts';
import type { Coverage } from './principal.ts';
import { bestCoverage, FEW, fileStatements, listStatements, type StatementIndex } from './statement-index.ts';

export interface CompiledStatements {
  readonly allows: StatementIndex;
  readonly denies: StatementIndex;
}

interface Seen {
  filed: boolean;
  statements: CompiledStatements;
}

/** By the array they stand in, because layers are made anew for every question. */
const seen = new WeakMap<readonly Statement[], Seen>();

/**
 * The compiled form of an array of statements. Filing pays only when an array is asked again, so the first question
 * goes through all of its statements, and the second files them.
 */
export function compileStatements(statements: readonly Statement[]): CompiledStatements {
  const known = seen.get(statements);
  if (known?.filed) return known.statements;
  const build = known ? fileStatements : listStatements;
  const made: CompiledStatements = {
    allows: build(statements.filter((statement) => statement.effect === 'allow')),
    denies: build(statements.filter((statement) => statement.effect === 'deny')),
  };
  seen.set(statements, { filed: known !== undefined || statements.length <= FEW, statements: made });
  return made;
}

/** The cloud that the resource belongs to says how layers combine. */
export function rulesFor(question: Question): Rules {
  return question.resource.ref.cloud === 'ibm' ? ibmRules : awsRules;
}

export function askOf(question: Question, layers: readonly Layer[]): Ask {
  const action = question.action.toLowerCase();
  const colon = action.indexOf(':');
  return {
    question,
    caller: question.caller,
    action,
    service: colon < 0 ? '' : action.slice(0, colon),
    resource: question.resource,
    context: question.context,
    bounded: question.caller.kind !== 'root' && layers.some((layer) => layer.kind === 'boundary'),
  };
}

/** Adds a layer to the tally: every layer that limits must allow, of layers that grant one is enough. */
export function count(tally: Map<LayerKind, Coverage>, layer: Layer, coverage: Coverage): void {
  const before = tally.get(layer.kind);
  if (before === undefined) tally.set(layer.kind, coverage);
  else tally.set(layer.kind, (layer.may === 'limit' ? Math.min : Math.max)(before, coverage) as Coverage);
}

/** The statements of a layer that the question leads to: all that can match it, under whatever conditions. */
export function candidates(layer: Layer, ask: Ask): readonly Statement[] {
  const { allows: allowing, denies: denying } = compileStatements(layer.statements);
  const trail: CompiledStatement[] = [];
  bestCoverage(allowing, ask, Number.POSITIVE_INFINITY, trail);
  bestCoverage(denying, ask, Number.POSITIVE_INFINITY, trail);
  return [...new Set(trail)].map((compiled) => compiled.statement);
}
