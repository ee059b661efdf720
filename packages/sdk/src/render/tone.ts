/** Brightness of the whole picture against the studio's numbers. */
const EXPOSURE = 1.04;
const START = 0.76;
const DESATURATION = 0.15;

/**
 * Brings linear RGB into [0, 1] in place: exposed colours below 0.76 stay as they are, brighter ones roll off and bleach.
 *
 * @source Khronos PBR Neutral Tone Mapper, without its subtraction of dielectric reflection.
 */
export function toneMap(color: Float64Array): void {
  const red = (color[0] as number) * EXPOSURE;
  const green = (color[1] as number) * EXPOSURE;
  const blue = (color[2] as number) * EXPOSURE;
  color[0] = red;
  color[1] = green;
  color[2] = blue;
  const peak = Math.max(red, green, blue);
  if (!(peak > START)) return;
  const room = 1 - START;
  const mapped = 1 - (room * room) / (peak + room - START);
  const scale = mapped / peak;
  const bleach = 1 - 1 / (DESATURATION * (peak - mapped) + 1);
  color[0] = red * scale + (mapped - red * scale) * bleach;
  color[1] = green * scale + (mapped - green * scale) * bleach;
  color[2] = blue * scale + (mapped - blue * scale) * bleach;
}
