// Discord's ids: decimal strings that hold the time of creation.

const EPOCH = 1420070400000n;

/**
 * Which of two ids is older, for sorting.
 *
 * @param {string} a
 * @param {string} b
 */
export function compare(a, b) {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}

/**
 * When an id was made, in milliseconds.
 *
 * @param {string} id
 */
export function timeOf(id) {
  return Number((BigInt(id) >> 22n) + EPOCH);
}

/**
 * The id right after this one.
 *
 * @param {string} id
 */
export function next(id) {
  return String(BigInt(id) + 1n);
}
