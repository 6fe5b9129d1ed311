/**
 * ARN operators. ArnEquals does what ArnLike does: six components, one by one, with wildcards inside a component.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
 */
import { ANY_RUN, addPiece, matcherOf, type Piece } from '../../glob.ts';
import { arnComponents } from '../../names.ts';
import { comparison, type Operator } from '../../operator.ts';
import type { Value } from '../../value.ts';

/** The components of a pattern; the sixth keeps its colons. Undefined when there are fewer than six. */
function componentsOf(pieces: readonly Piece[]): readonly (readonly Piece[])[] | undefined {
  const components: Piece[][] = [[]];
  for (const piece of pieces) {
    const parts = typeof piece === 'string' ? arnComponents(piece, 7 - components.length) : [piece];
    for (const [n, part] of parts.entries()) {
      if (n > 0) components.push([]);
      addPiece(components[components.length - 1]!, part);
    }
  }
  return components.length === 6 ? components : undefined;
}

function arnTest(value: Value): ((got: string) => boolean) | undefined {
  // No page says what a lone `*` does; six components that may each be anything is the only reading that fits.
  if (value.pieces.length === 1 && value.pieces[0] === ANY_RUN) return (got) => arnComponents(got).length === 6;
  const components = componentsOf(value.pieces)?.map(matcherOf);
  if (!components) return undefined;
  return (got) => {
    const parts = arnComponents(got);
    return parts.length === 6 && components.every((matches, n) => matches(parts[n]!));
  };
}

export const arnOperators: readonly Operator[] = [
  ...comparison('ArnEquals', 'ArnNotEquals', arnTest, true),
  ...comparison('ArnLike', 'ArnNotLike', arnTest, true),
];
