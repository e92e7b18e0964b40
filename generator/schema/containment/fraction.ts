/** A decimal number exactly as it is written, so that 0.3 is a multiple of 0.1. */
export interface Fraction {
  readonly top: bigint;
  readonly bottom: bigint;
}

export function fractionOf(value: number): Fraction {
  const [mantissa = '0', exponent = '0'] = value.toExponential().split('e');
  const [whole = '0', decimals = ''] = mantissa.split('.');
  const power = Number(exponent) - decimals.length;
  const digits = BigInt(whole + decimals);
  return power >= 0 ? { top: digits * 10n ** BigInt(power), bottom: 1n } : reduced(digits, 10n ** BigInt(-power));
}

export function numberOf({ top, bottom }: Fraction): number {
  return Number(top) / Number(bottom);
}

export function isMultiple(value: number, of: number): boolean {
  if (of === 1) return Number.isInteger(value);
  if (Number.isSafeInteger(value) && Number.isSafeInteger(of)) return value % of === 0;
  return divides(fractionOf(of), fractionOf(value));
}

/** Whether `value` is an integer times `of`. */
export function divides(of: Fraction, value: Fraction): boolean {
  return (value.top * of.bottom) % (value.bottom * of.top) === 0n;
}

/** The smallest positive number that is a multiple of both. */
export function commonMultiple(a: Fraction, b: Fraction): Fraction {
  const [left, right] = [a.top * b.bottom, b.top * a.bottom];
  return reduced((left / gcd(left, right)) * right, a.bottom * b.bottom);
}

/** The smallest multiple that is at least (`up`) or at most a number, as a count of steps. */
export function stepsTo(step: Fraction, limit: number, up: boolean): bigint {
  const { top, bottom } = fractionOf(limit);
  const [over, under] = [top * step.bottom, bottom * step.top];
  const down = over / under - (over % under < 0n ? 1n : 0n);
  return up && over % under !== 0n ? down + 1n : down;
}

export function times(step: Fraction, count: bigint): number {
  return numberOf(reduced(step.top * count, step.bottom));
}

function reduced(top: bigint, bottom: bigint): Fraction {
  const common = gcd(top < 0n ? -top : top, bottom);
  return common <= 1n ? { top, bottom } : { top: top / common, bottom: bottom / common };
}

function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x === 0n ? 1n : x;
}
