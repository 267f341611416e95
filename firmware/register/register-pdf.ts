/**
 * The register on paper (OPR-2, OPR-6): A4, the house's own font embedded so that every letter prints anywhere, the pages
 * counted, DEMO across each page where anything was simulated, and a line for the operator's own hand.
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import PDFDocument from 'pdfkit';
import { registerSections, type RegisterSection } from '../../src/deployment/register-rows.js';
import type { Register } from '../../src/deployment/register-shape.js';

const MARGIN = 48;
const FOOTER = 34;
const SIZE = { title: 17, section: 10.5, text: 8.2, small: 7 } as const;
const GAP = { column: 8, row: 2.6, section: 11 } as const;
const COLOUR = { text: '#111111', label: '#555555', line: '#c4c4c4', alarm: '#b00020', demo: '#c62828' } as const;
const NAME_WIDTH = 132;
/** Longer ones, as hashes, are broken rather than to leave no room for their neighbours. */
const WIDEST_WORD = 120;
/** A time with its offset fits. */
const SHORT_LINE = 145;

type Doc = InstanceType<typeof PDFDocument>;

/** @returns the bytes of the file; the same for the same register */
export function registerPdf(register: Register): Promise<Uint8Array> {
  const madeAt = new Date(register.signature.madeAt);
  const doc = new PDFDocument({
    size: 'A4',
    margins: { top: MARGIN, left: MARGIN, right: MARGIN, bottom: MARGIN + FOOTER },
    bufferPages: true,
    lang: 'en-NZ',
    info: {
      Title: `Deployment register ${register.deployment}`,
      CreationDate: madeAt,
      ModDate: madeAt,
      Producer: 'Kerbside',
      Creator: 'Kerbside',
    },
  });
  const done = collect(doc);
  registerFonts(doc);
  drawTitle(doc, register);
  for (const section of registerSections(register)) drawSection(doc, section);
  drawHand(doc, register);
  finishPages(doc, register);
  doc.end();
  return done;
}

function collect(doc: Doc): Promise<Uint8Array> {
  const pieces: Buffer[] = [];
  return new Promise((resolve, reject) => {
    doc.on('data', (piece: Buffer) => void pieces.push(piece));
    doc.on('end', () => {
      resolve(new Uint8Array(Buffer.concat(pieces)));
    });
    doc.on('error', reject);
  });
}

/** The font of the data block: macrons are in it. */
function registerFonts(doc: Doc): void {
  const folder = join(dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json')), 'ttf');
  doc.registerFont('plain', join(folder, 'DejaVuSans.ttf'));
  doc.registerFont('bold', join(folder, 'DejaVuSans-Bold.ttf'));
}

const widthOf = (doc: Doc): number => doc.page.width - 2 * MARGIN;
const bottomOf = (doc: Doc): number => doc.page.height - MARGIN - FOOTER;

function drawTitle(doc: Doc, { deployment, site, camera, signature, demo }: Register): void {
  doc.font('bold').fontSize(SIZE.title).fillColor(COLOUR.text).text(`Deployment register ${deployment}`);
  const where = site === null ? 'site not known' : [site.code, site.road].filter((word) => word !== null).join(', ');
  doc
    .font('plain')
    .fontSize(SIZE.text + 1)
    .fillColor(COLOUR.label)
    .text(`${where} – camera ${camera.id ?? 'not known'}`);
  if (demo) doc.font('bold').fillColor(COLOUR.demo).text('DEMO – NOT EVIDENCE');
  if (!signature.verified) {
    doc.font('bold').fillColor(COLOUR.alarm).text('NOT ALL RECORDS VERIFIED: see the section Signature.');
  }
  doc.moveDown(0.4);
}

function drawSection(doc: Doc, { title, head, rows, none }: RegisterSection): void {
  // A title alone at the foot of a page helps nobody.
  ensure(doc, SIZE.section + 4 * SIZE.text + GAP.section);
  doc.y += GAP.section;
  doc.font('bold').fontSize(SIZE.section).fillColor(COLOUR.text).text(title, MARGIN, doc.y);
  rule(doc, doc.y + 1);
  doc.y += 4;
  if (rows.length === 0) drawRow(doc, [none], [widthOf(doc)], 'plain', COLOUR.label);
  else if (head.length === 0) for (const row of rows) drawFact(doc, row);
  else drawTable(doc, head, rows);
}

function rule(doc: Doc, y: number): void {
  doc
    .moveTo(MARGIN, y)
    .lineTo(doc.page.width - MARGIN, y)
    .lineWidth(0.5)
    .strokeColor(COLOUR.line)
    .stroke();
}

/** @returns whether a new page was begun */
function ensure(doc: Doc, height: number): boolean {
  if (doc.y + height <= bottomOf(doc)) return false;
  doc.addPage();
  doc.y = MARGIN;
  return true;
}

function drawFact(doc: Doc, [name = '', value = '']: readonly string[]): void {
  const isAlarm = name === 'not in order' || value.startsWith('NO,');
  const widths = [NAME_WIDTH, widthOf(doc) - NAME_WIDTH];
  drawRow(doc, [name, value], widths, 'plain', isAlarm ? COLOUR.alarm : COLOUR.text, COLOUR.label);
}

function drawTable(doc: Doc, head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = columnWidths(doc, head, rows);
  ensure(doc, heightOf(doc, head, widths, 'bold') + heightOf(doc, rows[0] ?? [], widths, 'plain'));
  drawRow(doc, head, widths, 'bold', COLOUR.label);
  for (const row of rows) {
    if (ensure(doc, heightOf(doc, row, widths, 'plain'))) drawRow(doc, head, widths, 'bold', COLOUR.label);
    drawRow(doc, row, widths, 'plain', COLOUR.text);
  }
}

/**
 * Each column is as wide as its longest word, so that no word is broken; what is left goes to short columns first, so that
 * times and numbers stay on one line, and then where lines are long.
 */
function columnWidths(doc: Doc, head: readonly string[], rows: readonly (readonly string[])[]): number[] {
  const columns = head.map((title, i) => {
    doc.font('bold').fontSize(SIZE.text);
    const titleWidth = doc.widthOfString(title);
    doc.font('plain');
    const widest = (parts: readonly string[]): number =>
      Math.max(titleWidth, ...parts.map((part) => doc.widthOfString(part))) + GAP.column + 1;
    const cells = rows.map((row) => row[i] ?? '');
    const least = Math.min(widest(cells.flatMap((cell) => cell.split(/\s/u))), WIDEST_WORD + GAP.column + 1);
    return { least, whole: Math.max(least, widest(cells.flatMap((cell) => cell.split('\n')))) };
  });
  const widths = columns.map(({ least }) => least);
  let left = widthOf(doc) - widths.reduce((sum, width) => sum + width, 0);
  const short = columns.map(({ whole }, i) => ({ whole, i })).sort((a, b) => a.whole - b.whole);
  for (const { whole, i } of short) {
    const wish = whole - (widths[i] ?? 0);
    if (whole > SHORT_LINE || wish > left) break;
    widths[i] = whole;
    left -= wish;
  }
  const wishes = columns.map(({ whole }, i) => whole - (widths[i] ?? 0));
  const wished = wishes.reduce((sum, wish) => sum + wish, 0);
  const share = wished === 0 ? 0 : Math.min(1, Math.max(0, left) / wished);
  return widths.map((width, i) => width + (wishes[i] ?? 0) * share);
}

function heightOf(doc: Doc, cells: readonly string[], widths: readonly number[], font: 'plain' | 'bold'): number {
  doc.font(font).fontSize(SIZE.text);
  const heights = cells.map((cell, i) => doc.heightOfString(cell, { width: (widths[i] ?? 0) - GAP.column }));
  return Math.max(...heights) + GAP.row;
}

function drawRow(
  doc: Doc,
  cells: readonly string[],
  widths: readonly number[],
  font: 'plain' | 'bold',
  colour: string,
  firstColour = colour,
): void {
  const height = heightOf(doc, cells, widths, font);
  ensure(doc, height);
  const y = doc.y;
  let x = MARGIN;
  cells.forEach((cell, i) => {
    const width = widths[i] ?? 0;
    doc.fillColor(i === 0 ? firstColour : colour).text(cell, x, y, { width: width - GAP.column });
    x += width;
  });
  doc.x = MARGIN;
  doc.y = y + height;
}

/** OPR-2: the operator signs by hand what the camera has signed by key. */
function drawHand(doc: Doc, { operator }: Register): void {
  ensure(doc, 86);
  doc.y += 44;
  const y = doc.y;
  const half = widthOf(doc) / 2 - 12;
  const line = (x: number, label: string): void => {
    doc
      .moveTo(x, y)
      .lineTo(x + half, y)
      .lineWidth(0.8)
      .strokeColor(COLOUR.text)
      .stroke();
    doc
      .font('plain')
      .fontSize(SIZE.small)
      .fillColor(COLOUR.label)
      .text(label, x, y + 3, { width: half });
  };
  line(MARGIN, `Signature of the operator${operator === null ? '' : ` ${operator}`}`);
  line(MARGIN + half + 24, 'Name and date');
}

function finishPages(doc: Doc, register: Register): void {
  const { start, count } = doc.bufferedPageRange();
  for (let i = 0; i < count; i += 1) {
    doc.switchToPage(start + i);
    // Text below the bottom margin would begin another page.
    doc.page.margins.bottom = 0;
    const y = doc.page.height - MARGIN;
    const finger = register.signature.fingerprint;
    const key = finger === null ? 'not signed' : `sealed under certificate ${finger.slice(0, 16)}…`;
    rule(doc, y - 6);
    doc.font('plain').fontSize(SIZE.small).fillColor(COLOUR.label);
    doc.text(`Kerbside register ${register.deployment}, ${key}`, MARGIN, y, { width: widthOf(doc), lineBreak: false });
    doc.text(`Page ${String(i + 1)} of ${String(count)}`, MARGIN, y, { width: widthOf(doc), align: 'right' });
    if (register.demo) drawDemo(doc);
  }
}

function drawDemo(doc: Doc): void {
  const { width, height } = doc.page;
  doc.save();
  doc.rotate(-52, { origin: [width / 2, height / 2] });
  doc.font('bold').fontSize(54).fillColor(COLOUR.demo).fillOpacity(0.13);
  doc.text('DEMO – NOT EVIDENCE', width / 2 - 400, height / 2 - 34, { width: 800, align: 'center', lineBreak: false });
  doc.fillOpacity(1).restore();
}
