/** The register on paper, read by another program (pdf.js): every word of it is there, on pages that are counted. */
import assert from 'node:assert/strict';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { registerPdf } from '../../firmware/register/register-pdf.js';
import { makeRegister } from '../../src/deployment/register.js';
import { registerSections } from '../../src/deployment/register-rows.js';
import type { Register } from '../../src/deployment/register-shape.js';
import { storyEvents, storySources } from '../deployment/register-samples.js';

/** Text of each page; where lines break is the paper's business. */
async function pagesOf(register: Register): Promise<string[]> {
  const task = getDocument({ data: await registerPdf(register), verbosity: 0 });
  const document = await task.promise;
  const pages: string[] = [];
  for (let n = 1; n <= document.numPages; n += 1) {
    const content = await (await document.getPage(n)).getTextContent();
    pages.push(
      content.items
        .map((item) => ('str' in item ? item.str : ''))
        .join('')
        .replace(/\s/gu, ''),
    );
  }
  await task.destroy();
  return pages;
}

const packed = (text: string): string => text.replace(/\s/gu, '');

describe('the register as PDF', () => {
  const register = makeRegister(storySources);

  it('OPR-2: holds every title and every value, macrons too', async () => {
    const all = (await pagesOf(register)).join('');
    for (const { title, head, rows, none } of registerSections(register)) {
      const words = [title, ...(rows.length === 0 ? [none] : head), ...rows.flat()];
      for (const word of words) assert.ok(all.includes(packed(word)), `"${word}" is not on the paper`);
    }
    assert.ok(all.includes('Ngāūranga') && all.includes('kāoreherākau') && all.includes('MāuiTestfarmer'));
    assert.ok(all.includes(packed('Signature of the operator OP-7')));
  });

  it('DEMO across every page, and each page is counted', async () => {
    const many = Array.from({ length: 60 }, () => storyEvents[4]).filter((event) => event !== undefined);
    const long = makeRegister({ ...storySources, events: [...storyEvents, ...many] });
    const pages = await pagesOf(long);
    assert.ok(pages.length >= 3, `${pages.length} pages`);
    pages.forEach((page, i) => {
      assert.ok(page.includes('DEMO–NOTEVIDENCE'), `page ${i + 1}`);
      assert.ok(page.includes(`Page${i + 1}of${pages.length}`), `page ${i + 1}`);
    });
  });

  it('of a real deployment says nothing of a demonstration', async () => {
    const pages = await pagesOf({ ...register, demo: false });
    assert.ok(pages.every((page) => !page.includes('DEMO')));
  });

  it('says in front what did not verify', async () => {
    const signature = { ...register.signature, verified: false, findings: ['event-0004.record is missing.'] };
    const pages = await pagesOf({ ...register, signature });
    assert.ok(pages[0]?.includes(packed('NOT ALL RECORDS VERIFIED')));
    assert.ok(pages.join('').includes(packed('event-0004.record is missing.')));
  });

  it('is the same file for the same register', async () => {
    assert.deepEqual(await registerPdf(register), await registerPdf(register));
  });
});
