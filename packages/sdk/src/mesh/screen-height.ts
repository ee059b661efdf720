/** Height of the screen the thresholds are made for, pixels. */
const REFERENCE_HEIGHT = 1080;
/** Deviation nobody notices at that height, pixels. */
const TOLERATED_PIXELS = 1;

/**
 * Share of the screen's height the object fills, above which each level is used.
 *
 * An object whose bounding sphere (radius r) fills the share s of a screen of H pixels shows a deviation e·r as
 * e·r · s·H / 2r = e·s·H / 2 pixels. The next coarser level, with error e, may take over once that is at most one pixel:
 * s ≤ 2 / (e·H), with H = 1080. A level's threshold is therefore set by the error of the level after it. The last level
 * is used down to 0. Thresholds never exceed 1 and fall strictly.
 *
 * @param errors - Error of every level, fractions of the bounding radius; the first is 0.
 * @returns As many numbers, [0, 1].
 */
export function screenHeights(errors: readonly number[]): number[] {
  const heights: number[] = [];
  errors.forEach((_, level) => {
    const next = errors[level + 1];
    if (next === undefined) {
      heights.push(0);
      return;
    }
    const wanted = next > 0 ? (2 * TOLERATED_PIXELS) / (next * REFERENCE_HEIGHT) : 1;
    const before = heights[level - 1];
    heights.push(Math.min(wanted, before === undefined ? 1 : before * 0.9));
  });
  return heights;
}
