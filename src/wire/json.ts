/** JSON that clients send. */
import { Fault } from '../faults.ts';

/** Far deeper than any API takes; what is deeper exhausts the stack of whoever walks it. */
const DEEPEST = 64;

/** Parses a body. Throws `invalid` when it is no JSON, or nested too deeply. */
export function parseJson(text: string): unknown {
  if (depthOf(text) > DEEPEST) {
    throw new Fault('invalid', 'malformed-json', `the body is nested more than ${DEEPEST} levels deep`);
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Fault('invalid', 'malformed-json', `the body is not valid JSON: ${(cause as Error).message}`, { cause });
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** How deeply objects and arrays are nested in JSON text; brackets within strings do not count. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let isString = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) isString = !isString;
    else if (isString) at += code === BACKSLASH ? 1 : 0;
    // `[` and `{`, `]` and `}` differ in one bit.
    else if ((code | 0x20) === 0x7b) deepest = Math.max(deepest, ++depth);
    else if ((code | 0x20) === 0x7d) depth -= 1;
  }
  return deepest;
}
