/**
 * Text from files that strangers wrote is shown, and must not steer the terminal that shows it: an escape sequence could
 * take back what was printed, a mark for right-to-left text could turn a sentence round. Whatever cannot be seen stands as
 * its number, in the form that JSON has for it, so that one rule serves sentences, tables and JSON documents.
 */

/** Control, format, private, surrogate and unassigned characters, and the two separators that break lines unseen. */
const UNSEEN = /[\p{C}\u2028\u2029]/gu;
/** As our own colours and the table's are written; concealed, blinking and reversed text is not among them. */
const COLOUR = /\u001b\[(?:[0-2]|22|3[0-79]|9[0-7])m/g;

const numbered = (text: string): string =>
  Array.from({ length: text.length }, (_, at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`).join('');

/** A value from a foreign file, as a part of a line: line ends are numbers, too. */
export const visible = (value: string): string => value.replace(UNSEEN, numbered);

const seen = (text: string): string =>
  text.replace(UNSEEN, (found) => (found === '\n' || found === '\t' ? found : numbered(found)));

/** A whole output of lines; our own colours stay where the terminal shows them. */
export function printable(text: string, color: boolean): string {
  if (!color) return seen(text);
  const colours = text.match(COLOUR) ?? [];
  return text
    .split(COLOUR)
    .map((part, at) => `${seen(part)}${colours[at] ?? ''}`)
    .join('');
}
