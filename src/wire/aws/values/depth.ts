/** How deep a document may nest: deeper than any real request, shallow enough for the stack. */
export const MAX_DEPTH = 64;
