/** Small work on bytes that EXIF and JPEG share. */

/** @param text letters up to U+00FF, one byte each */
export const asciiBytes = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

export function concat(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

/** Whether `text` stands at `at`, all of it before `end`. */
export function hasTextAt(bytes: Uint8Array, at: number, end: number, text: string): boolean {
  if (at + text.length > end) return false;
  return asciiBytes(text).every((byte, i) => bytes[at + i] === byte);
}
