// Discord's ids: decimal strings that contain the time of creation.

const EPOCH = 1420070400000n;

/**
 * Compares two ids by age, for sorting.
 *
 * @param {string} a
 * @param {string} b
 */
export function compare(a, b) {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}

/**
 * The time an id was created, in milliseconds.
 *
 * @param {string} id
 */
export function timeOf(id) {
  return Number((BigInt(id) >> 22n) + EPOCH);
}

/**
 * The next higher id.
 *
 * @param {string} id
 */
export function next(id) {
  return String(BigInt(id) + 1n);
}
