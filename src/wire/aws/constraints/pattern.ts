/** The patterns of the published models are Java's, and a value must match as a whole. */

/** Java's `\s` is ASCII; ours is not. */
const ASCII_SPACE = ' \\t\\n\\v\\f\\r';

/** Throws `SyntaxError` for what cannot be said in a JavaScript pattern. */
export function compilePattern(pattern: string): RegExp {
  return new RegExp(`^(?:${translate(pattern)})$`, 'u');
}

/**
 * With the `u` flag JavaScript refuses escapes of characters that need none (`\:`) and a hyphen that follows a class
 * (`[\w-_]`), both of which the models use.
 */
function translate(pattern: string): string {
  let out = '';
  let inClass = false;
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern.charAt(at);
    if (char === '\\') {
      at++;
      out += escaped(pattern.charAt(at), inClass);
      if (inClass && /[wdsWDSpP]/.test(pattern.charAt(at))) {
        const property = /^\{[^}]*\}/.exec(pattern.slice(at + 1))?.[0] ?? '';
        out += property;
        at += property.length;
        if (pattern.charAt(at + 1) === '-' && pattern.charAt(at + 2) !== ']') {
          out += '\\-';
          at++;
        }
      }
      continue;
    }
    if (char === '[') inClass = true;
    if (char === ']') inClass = false;
    out += char;
  }
  return out;
}

function escaped(char: string, inClass: boolean): string {
  if (char === 's') return inClass ? ASCII_SPACE : `[${ASCII_SPACE}]`;
  if (char === 'S' && !inClass) return `[^${ASCII_SPACE}]`;
  if (/[A-Za-z0-9^$\\.*+?()[\]{}|/-]/.test(char)) return char === '-' && !inClass ? '-' : `\\${char}`;
  return char;
}
