// What the readers of file structures throw for bytes that are not what they should be. Pure.

/** Bytes that break the rules of their format. The message says what was found. */
export class Malformed extends Error {}
