/**
 * Elementary functions with the same bits on every engine.
 *
 * `Math.sin`, `Math.pow`, `Math.hypot` and their kin may differ in the last bits between V8, QuickJS and others; what
 * the generator makes must not. These use only + - * /, `Math.sqrt`, `Math.floor` and `Math.abs`, which IEEE 754 pins
 * down exactly. Accuracy: relative error below 1e-14 for arguments up to a million (`pow`: below 1e-13).
 *
 * @source fdlibm (Sun Microsystems) for the reductions and the minimax coefficients of sine, cosine and arc tangent.
 */

export const TAU = 6.283185307179586;

const HALF_PI_HIGH = 1.5707963267341256;
const HALF_PI_MIDDLE = 6.077100506303966e-11;
const HALF_PI_LOW = 2.0222662487959506e-21;
const TWO_OVER_PI = 0.6366197723675814;

function sinNearZero(x: number): number {
  const z = x * x;
  const tail =
    8.33333333332248946124e-3 +
    z *
      (-1.98412698298579493134e-4 +
        z * (2.75573137070700676789e-6 + z * (-2.50507602534068634195e-8 + z * 1.58969099521155010221e-10)));
  return x + x * z * (-1.66666666666666324348e-1 + z * tail);
}

function cosNearZero(x: number): number {
  const z = x * x;
  const tail =
    4.16666666666666019037e-2 +
    z *
      (-1.38888888888741095749e-3 +
        z *
          (2.48015872894767294178e-5 +
            z * (-2.75573143513906633035e-7 + z * (2.0875723212981748279e-9 + z * -1.13596475577881948265e-11))));
  return 1 - 0.5 * z + z * z * tail;
}

/** Sine or cosine: `shift` 0 or 1 quarter turns are added before the quadrant is chosen. */
function sineOf(x: number, shift: number): number {
  const turns = Math.floor(x * TWO_OVER_PI + 0.5);
  const rest = x - turns * HALF_PI_HIGH - turns * HALF_PI_MIDDLE - turns * HALF_PI_LOW;
  const shifted = turns + shift;
  const quadrant = shifted - 4 * Math.floor(shifted / 4);
  if (quadrant === 0) return sinNearZero(rest);
  if (quadrant === 1) return cosNearZero(rest);
  return quadrant === 2 ? -sinNearZero(rest) : -cosNearZero(rest);
}

/** Sine of an angle in radians, |x| ≤ 1e6. */
export function sin(x: number): number {
  return sineOf(x, 0);
}

/** Cosine of an angle in radians, |x| ≤ 1e6. */
export function cos(x: number): number {
  return sineOf(x, 1);
}

/** Tangent of an angle in radians, |x| ≤ 1e6. */
export function tan(x: number): number {
  return sineOf(x, 0) / sineOf(x, 1);
}

const ATAN_COEFFICIENTS = [
  1.62858201153657823623e-2, -3.6531572744216915527e-2, 4.97687799461593236017e-2, -5.83357013379057348645e-2,
  6.66107313738753120669e-2, -7.69187620504482999495e-2, 9.09088713343650656196e-2, -1.1111110405462355788e-1,
  1.42857142725034663711e-1, -1.99999999998764832476e-1, 3.33333333333329318027e-1,
];

function atanNearZero(x: number): number {
  const z = x * x;
  let sum = 0;
  for (const coefficient of ATAN_COEFFICIENTS) sum = sum * z + coefficient;
  return x - x * z * sum;
}

/** Arc tangent in radians, (-π/2, π/2). */
export function atan(x: number): number {
  const size = Math.abs(x);
  let angle: number;
  if (size <= 0.4375) angle = atanNearZero(size);
  else if (size < 0.6875) angle = 0.4636476090008061 + atanNearZero((2 * size - 1) / (2 + size));
  else if (size < 1.1875) angle = 0.7853981633974483 + atanNearZero((size - 1) / (size + 1));
  else if (size < 2.4375) angle = 0.982793723247329 + atanNearZero((size - 1.5) / (1 + 1.5 * size));
  else angle = 1.5707963267948966 + atanNearZero(-1 / size);
  return x < 0 ? -angle : angle;
}

/** Angle of the point (x, y) in radians, [-π, π]; 0 at the origin. */
export function atan2(y: number, x: number): number {
  if (x > 0) return atan(y / x);
  if (x < 0) return y < 0 ? atan(y / x) - Math.PI : atan(y / x) + Math.PI;
  if (y === 0) return 0;
  return y > 0 ? 1.5707963267948966 : -1.5707963267948966;
}

/** Arc cosine in radians, [0, π]. Arguments outside [-1, 1] are clamped. */
export function acos(x: number): number {
  const inside = x < -1 ? -1 : Math.min(x, 1);
  return 2 * atan2(Math.sqrt(1 - inside), Math.sqrt(1 + inside));
}

/** Arc sine in radians, [-π/2, π/2]. Arguments outside [-1, 1] are clamped. */
export function asin(x: number): number {
  const inside = x < -1 ? -1 : Math.min(x, 1);
  return atan2(inside, Math.sqrt((1 - inside) * (1 + inside)));
}

const LN2_HIGH = 6.9314718036912381649e-1;
const LN2_LOW = 1.90821492927058770002e-10;

/** Multiplies by two to the power `exponent`, a whole number. Exact unless the result leaves the normal range. */
function scaleByPowerOfTwo(value: number, exponent: number): number {
  let result = value;
  let base = exponent < 0 ? 0.5 : 2;
  for (let rest = Math.abs(exponent); rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= base;
    base *= base;
  }
  return result;
}

/** e to the power x. */
export function exp(x: number): number {
  if (x > 709.7) return Number.POSITIVE_INFINITY;
  if (x < -708) return 0;
  const power = Math.floor(x / Math.LN2 + 0.5);
  const rest = x - power * LN2_HIGH - power * LN2_LOW;
  let sum = 1;
  for (let term = 14; term > 0; term -= 1) sum = 1 + (rest * sum) / term;
  return scaleByPowerOfTwo(sum, power);
}

/** Natural logarithm; -Infinity at 0, NaN below. */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  let mantissa = x;
  let power = 0;
  // Steps of 2^32 first, so that far exponents do not take a thousand rounds. All divisions are exact.
  while (mantissa >= 4294967296) {
    mantissa /= 4294967296;
    power += 32;
  }
  while (mantissa < 2.3283064365386963e-10) {
    mantissa *= 4294967296;
    power -= 32;
  }
  while (mantissa > Math.SQRT2) {
    mantissa /= 2;
    power += 1;
  }
  while (mantissa < Math.SQRT1_2) {
    mantissa *= 2;
    power -= 1;
  }
  const s = (mantissa - 1) / (mantissa + 1);
  const z = s * s;
  let sum = 0;
  for (let odd = 23; odd > 0; odd -= 2) sum = sum * z + 1 / odd;
  return power * LN2_HIGH + (2 * s * sum + power * LN2_LOW);
}

/** `base` to the power `exponent`. A negative base needs a whole exponent, NaN otherwise. */
export function pow(base: number, exponent: number): number {
  if (exponent === 0) return 1;
  const isWhole = Math.floor(exponent) === exponent;
  if (isWhole && Math.abs(exponent) <= 64) {
    const size = scalePower(base, Math.abs(exponent));
    return exponent < 0 ? 1 / size : size;
  }
  if (base === 0) return exponent > 0 ? 0 : Number.POSITIVE_INFINITY;
  if (base < 0) {
    if (!isWhole) return Number.NaN;
    const size = exp(exponent * log(-base));
    return exponent % 2 === 0 ? size : -size;
  }
  return exp(exponent * log(base));
}

function scalePower(base: number, exponent: number): number {
  let result = 1;
  let factor = base;
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= factor;
    factor *= factor;
  }
  return result;
}

/** Length of the vector (x, y, z). Meant for sizes of objects: it does not guard against overflow. */
export function hypot(x: number, y: number, z = 0): number {
  return Math.sqrt(x * x + y * y + z * z);
}

/** `value` held within [low, high]. */
export function clamp(value: number, low: number, high: number): number {
  return value < low ? low : Math.min(value, high);
}

/** Straight line from `a` (t = 0) to `b` (t = 1). */
export function mix(a: number, b: number, t: number): number {
  return a + (b - a) * t;
}

/** 0 below `low`, 1 above `high`, an S-shaped ramp between; `low` may be above `high` for a falling ramp. */
export function smoothstep(low: number, high: number, value: number): number {
  const t = clamp((value - low) / (high - low), 0, 1);
  return t * t * (3 - 2 * t);
}

/** Linear value of an sRGB channel, both [0, 1]. @source IEC 61966-2-1 */
export function srgbToLinear(value: number): number {
  return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4);
}

/** sRGB value of a linear channel, both [0, 1]. @source IEC 61966-2-1 */
export function linearToSrgb(value: number): number {
  return value <= 0.0031308 ? value * 12.92 : 1.055 * pow(value, 1 / 2.4) - 0.055;
}
