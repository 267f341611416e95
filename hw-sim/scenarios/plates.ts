/** Plates of generated vehicles: three letters and three digits, in an order that looks like traffic, and then longer ones. */
const LETTERS = 26;
const NUMBERS = 1000;
const SHORT_PLATES = LETTERS ** 3 * NUMBERS;
/** Shares no factor with the count of short plates, so each comes once before any comes again. */
const STRIDE = 7_919_003;

/** @param index from 0 on @returns a plate that no other index has, up to eight characters for 26^5 thousand vehicles */
export function plateOf(index: number): string {
  const round = Math.floor(index / SHORT_PLATES);
  const place = ((index % SHORT_PLATES) * STRIDE) % SHORT_PLATES;
  return `${prefix(round)}${letters(Math.floor(place / NUMBERS), 3)}${String(place % NUMBERS).padStart(3, '0')}`;
}

/** Nothing for the first round, A to Z for the next, AA and on. */
function prefix(round: number): string {
  let text = '';
  for (let left = round; left > 0; left = Math.floor((left - 1) / LETTERS))
    text = letters((left - 1) % LETTERS, 1) + text;
  return text;
}

function letters(value: number, count: number): string {
  let text = '';
  for (let left = value, n = 0; n < count; n += 1, left = Math.floor(left / LETTERS)) {
    text = String.fromCharCode(65 + (left % LETTERS)) + text;
  }
  return text;
}
