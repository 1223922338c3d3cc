const ZERO = 0x30;
/** 1 to 9, doubled, digits added up. */
const DOUBLED = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9];

/** @param digits all of them 0 to 9, as everywhere here; the check digit is the last one. */
export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = digits.length - 1, isDoubled = false; i >= 0; i--, isDoubled = !isDoubled) {
    const digit = digits.charCodeAt(i) - ZERO;
    sum += isDoubled ? (DOUBLED[digit] as number) : digit;
  }
  return sum % 10 === 0;
}

/** The rest by 97 of a number in which letters stand for 10 to 35 (ISO 7064). */
export function mod97(text: string): number {
  let rest = 0;
  for (let i = 0; i < text.length; i++) {
    const value = Number.parseInt(text[i] as string, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest;
}

/** NHS numbers: weights 10 to 2, and no number has a check digit of 10. */
export function passesMod11(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < 9; i++) sum += (digits.charCodeAt(i) - ZERO) * (10 - i);
  const check = (11 - (sum % 11)) % 11;
  return check === digits.charCodeAt(9) - ZERO;
}

/** ISO 7064, MOD 11,10. */
export function passesMod11And10(digits: string): boolean {
  let product = 10;
  for (let i = 0; i < digits.length - 1; i++) {
    const sum = (digits.charCodeAt(i) - ZERO + product) % 10 || 10;
    product = (sum * 2) % 11;
  }
  return (11 - product) % 10 === digits.charCodeAt(digits.length - 1) - ZERO;
}
