/** The strict reader of the seal: one form, and every departure from it is refused by the name of its part. */
import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import { checkSeal } from '../../../src/evidence/c2pa/check-seal.js';
import fc from 'fast-check';
import { readSeal } from '../../../src/evidence/c2pa/read-seal.js';
import { officialVerdict } from '../../support/c2pa-oracle.js';
import {
  alterBoxes,
  partsOf,
  findSuperbox,
  replaceSegment,
  segmentPlace,
  writeSegment,
} from '../../support/jumbf-tree.js';
import type { BoxNode } from '../../support/jumbf-tree.js';
import { memorySigner, nodeSealCrypto } from '../../support/memory-signer.js';
import { hashWithout, readAndCheck, sealedImage, stampedImage } from '../../support/sealed-image.js';

const ASSERTIONS = ['c2pa.actions.v2', 'org.kerbside.measurement', 'c2pa.hash.data'];
const damage = (part: string | RegExp = /./) => ({ name: 'KerbsideError', kind: 'evidence-damaged', message: part });

const { signer, rootPem } = memorySigner();
let sealed: Buffer;

before(async () => {
  sealed = await sealedImage(signer);
});

const place = () => segmentPlace(sealed);
const payload = (): Buffer => sealed.subarray(place().start + 4, place().end);
const altered = (alter: (store: BoxNode) => void): Buffer => alterBoxes(sealed, alter);

/** Replaces the only occurrence of some bytes (hex) in a part; the lengths around it are made to fit. */
function exchange(box: BoxNode, found: string, wanted: string): void {
  const hex = box.data.toString('hex');
  const at = hex.indexOf(found);
  assert.ok(at >= 0 && at % 2 === 0, `${found} does not occur`);
  box.data = Buffer.from(hex.slice(0, at) + wanted + hex.slice(at + found.length), 'hex');
}

const inContent =
  (label: string, found: string, wanted: string) =>
  (store: BoxNode): void => {
    exchange(partsOf(store, label).content, found, wanted);
  };

const hexOf = (text: string): string => Buffer.from(text).toString('hex');

describe('the strict reader of a seal', () => {
  it('reads what the workshop writes, and what the official reader trusts', async () => {
    const reading = readAndCheck(sealed);
    assert.equal(reading.exclusion.start, place().start);
    assert.equal(reading.exclusion.length, place().end - place().start);
    assert.equal((await officialVerdict(sealed, rootPem)).state, 'Trusted');
    readAndCheck(altered(() => undefined)); // the tests' own taking apart and putting together changes nothing
  });

  it('refuses every single changed bit of the segment', () => {
    const { start, end } = place();
    const file = Buffer.from(sealed);
    const imageHash = hashWithout(sealed, readSeal(sealed).exclusion);
    let refusals = 0;
    for (let at = start; at < end; at++) {
      for (let bit = 0; bit < 8; bit++) {
        file[at] = (sealed[at] ?? 0) ^ (1 << bit);
        assert.throws(
          () => {
            checkSeal(readSeal(file), imageHash, nodeSealCrypto);
          },
          damage(/^The seal of the image is damaged in its [\w .-]+: .+; expected .+\.$/s),
          `bit ${bit} of byte ${at}`,
        );
        refusals++;
      }
      file[at] = sealed[at] ?? 0;
    }
    assert.equal(refusals, 8 * (end - start));
  });

  it('refuses changed bits of the image, before and behind the segment', () => {
    const { start, end } = place();
    const outside = Array.from({ length: sealed.length }, (_, i) => i).filter((i) => i < start || i >= end);
    for (const at of outside.filter((_, i) => i < 40 || i % 97 === 0 || i > outside.length - 10)) {
      const file = Buffer.from(sealed);
      file[at] = (file[at] ?? 0) ^ (1 << (at % 8));
      assert.throws(() => readAndCheck(file), damage(), `byte ${at}`);
    }
    assert.throws(() => readAndCheck(Buffer.concat([sealed, Buffer.from([0])])), damage(/image data/));
  });

  it('refuses a file without a seal, cut files and files that are no image', () => {
    assert.throws(() => readSeal(stampedImage()), damage(/segment: there is no C2PA manifest/));
    assert.throws(() => readSeal(Buffer.from('P6 no JPEG')), damage(/segments/));
    assert.throws(() => readSeal(new Uint8Array(0)), damage(/segments/));
    for (const at of [2, 30, place().start + 3, place().start + 500, place().end - 1, place().end])
      assert.throws(() => readSeal(sealed.subarray(0, at)), damage(/segments/), `cut at ${at}`);
  });

  it('refuses a second manifest, wherever it stands', () => {
    const { start, end } = place();
    const segment = sealed.subarray(start, end);
    assert.throws(() => readSeal(replaceSegment(sealed, segment, segment)), damage(/segment: a second one/));
    const foreign = writeSegment(Buffer.concat([Buffer.from('4a500001', 'hex'), payload().subarray(4)]));
    assert.throws(() => readSeal(replaceSegment(sealed, segment, foreign)), damage(/segment: a second one/));
    assert.throws(() => readSeal(replaceSegment(sealed, writeSegment(Buffer.from('JP')), segment)), damage(/second/));
    assert.throws(() => readAndCheck(Buffer.concat([sealed, segment])), damage(/image data/));
  });

  it('refuses segments in another order', () => {
    const { start, end } = place();
    const moved = Buffer.concat([
      sealed.subarray(0, 2),
      sealed.subarray(start, end),
      sealed.subarray(2, start),
      sealed.subarray(end),
    ]);
    assert.throws(() => readAndCheck(moved), damage(/assertion c2pa\.hash\.data: it leaves out/));
  });

  it('refuses a manifest in two segments, and one with something behind it', () => {
    const [head, content] = [payload().subarray(0, 8), payload().subarray(8)];
    const second = Buffer.concat([
      Buffer.from('4a50021100000002', 'hex'),
      content.subarray(0, 8),
      content.subarray(900),
    ]);
    const first = writeSegment(Buffer.concat([head, content.subarray(0, 900)]));
    assert.throws(() => readSeal(replaceSegment(sealed, first, writeSegment(second))), damage(/segment/));
    for (const more of ['00', '0000000866726565', content.toString('hex')]) {
      const longer = writeSegment(Buffer.concat([payload(), Buffer.from(more, 'hex')]));
      assert.throws(() => readSeal(replaceSegment(sealed, longer)), damage(/segment/));
    }
  });

  it('takes well under a millisecond for reading', () => {
    const times = Array.from({ length: 200 }, () => {
      const start = performance.now();
      readSeal(sealed);
      return performance.now() - start;
    }).sort((a, b) => a - b);
    const median = times[100] ?? Infinity;
    assert.ok(median < 1, `${median} ms`);
  });
});

describe('the strict reader, box by box', () => {
  const labels = ['c2pa.assertions', ...ASSERTIONS, 'c2pa.claim.v2', 'c2pa.signature'];

  for (const label of labels) {
    it(`refuses ${label} with another label, kind, toggle or description`, () => {
      const change = (found: string, wanted: string): Buffer =>
        altered((store) => {
          exchange(partsOf(store, label).description, found, wanted);
        });
      for (const [found, wanted] of [
        [hexOf(label), hexOf(label.toUpperCase())],
        [hexOf(label), hexOf(`${label}__1`)],
        ['00110010800000aa00389b71', '00110010800000aa00389b72'],
        ASSERTIONS.includes(label) ? ['9b7113', '9b7103'] : ['9b7103', '9b7113'],
        [`${hexOf(label)}00`, `${hexOf(label)}0000`],
        [`${hexOf(label)}00`, `${hexOf(label)}00000000180663327368${'00'.repeat(15)}`],
      ] as const) {
        assert.throws(() => readAndCheck(change(found, wanted)), damage(), `${found} to ${wanted}`);
      }
    });

    it(`refuses another box beside, in and in the place of ${label}`, () => {
      const free = (): BoxNode => ({ type: 'free', children: [], data: Buffer.alloc(4) });
      for (const alter of [
        (box: BoxNode) => box.children.push(free()),
        (box: BoxNode) => box.children.splice(1, 0, free()),
        (box: BoxNode) => box.children.splice(1, 1),
        (box: BoxNode) => box.children.reverse(),
        (box: BoxNode) => {
          box.type = 'free';
        },
      ]) {
        const file = altered((store) => {
          alter(findSuperbox(store, label));
        });
        assert.throws(() => readSeal(file), damage(), String(alter));
      }
    });
  }

  it('refuses assertions in another order, once more, or one fewer', () => {
    for (const alter of [
      (boxes: BoxNode[]) => boxes.push(boxes[1] as BoxNode),
      (boxes: BoxNode[]) => boxes.pop(),
      (boxes: BoxNode[]) => boxes.splice(1, 3, ...boxes.slice(1).reverse()),
    ]) {
      const file = altered((store) => {
        alter(findSuperbox(store, 'c2pa.assertions').children);
      });
      assert.throws(() => readSeal(file), damage(/assertion/));
    }
  });

  it('refuses a second manifest within the store', () => {
    const file = altered((store) => store.children.push(findSuperbox(store, 'urn:c2pa:')));
    assert.throws(() => readSeal(file), damage(/manifest store/));
  });

  it('refuses a manifest with another name than the claim says', () => {
    const file = altered((store) => {
      const { description } = partsOf(store, 'urn:c2pa:');
      const digit = description.data[17 + 10] === 0x61 ? 0x62 : 0x61;
      description.data[17 + 10] = digit;
    });
    assert.throws(() => readSeal(file), damage(/claim/));
  });
});

describe('the strict reader and CBOR', () => {
  const cases: [name: string, part: RegExp, alter: (store: BoxNode) => void][] = [
    ['a claim with a longer head', /claim/, inContent('c2pa.claim.v2', 'a66a', 'b8066a')],
    ['a claim with a longer text head', /claim/, inContent('c2pa.claim.v2', '63616c6766', '7803616c6766')],
    [
      'a claim of unstated length',
      /claim/,
      (store) => {
        const { content } = partsOf(store, 'c2pa.claim.v2');
        content.data = Buffer.concat([Buffer.from([0xbf]), content.data.subarray(1), Buffer.from([0xff])]);
      },
    ],
    [
      'bytes behind the claim',
      /claim/,
      (store) => {
        const { content } = partsOf(store, 'c2pa.claim.v2');
        content.data = Buffer.concat([content.data, Buffer.from([0xf6])]);
      },
    ],
    [
      'a claim with a member more',
      /claim/,
      (store) => {
        const { content } = partsOf(store, 'c2pa.claim.v2');
        content.data = Buffer.concat([Buffer.from([0xa7]), content.data.subarray(1), Buffer.from('617800', 'hex')]);
      },
    ],
    [
      'a claim with a member twice',
      /claim/,
      inContent('c2pa.claim.v2', 'a66a', `a763${hexOf('alg')}66${hexOf('sha256')}6a`),
    ],
    ['a claim with another algorithm', /claim/, inContent('c2pa.claim.v2', hexOf('sha256'), hexOf('sha384'))],
    ['another generator', /claim/, inContent('c2pa.claim.v2', hexOf('Kerbside'), hexOf('Curbside'))],
    ['another action', /c2pa\.actions\.v2/, inContent('c2pa.actions.v2', hexOf('c2pa.created'), hexOf('c2pa.creates'))],
    [
      'another source',
      /c2pa\.actions\.v2/,
      inContent('c2pa.actions.v2', hexOf('digitalCapture'), hexOf('digitalCaptura')),
    ],
    ['an action of unstated length', /c2pa\.actions\.v2/, inContent('c2pa.actions.v2', '81a2', '9fa2')],
    [
      'a longer number',
      /measurement/,
      inContent('org.kerbside.measurement', hexOf('limitKmh') + '1832', hexOf('limitKmh') + '190032'),
    ],
    ['a shorter float', /measurement/, inContent('org.kerbside.measurement', 'fb4050d00000000000', 'fa42868000')],
    [
      'a text that is no UTF-8',
      /measurement/,
      inContent('org.kerbside.measurement', hexOf('towards'), 'ff6f7761726473'),
    ],
    ['a padded hash', /c2pa\.hash\.data/, inContent('c2pa.hash.data', '49' + '00'.repeat(9), '4a' + '00'.repeat(10))],
    [
      'a pad that is not zero',
      /c2pa\.hash\.data/,
      inContent('c2pa.hash.data', '49' + '00'.repeat(9), '49' + '00'.repeat(8) + '01'),
    ],
    ['a long COSE head', /signature/, inContent('c2pa.signature', 'd284', 'd29804')],
    ['a COSE without its tag', /signature/, inContent('c2pa.signature', 'd284', '84')],
    ['another COSE tag', /signature/, inContent('c2pa.signature', 'd284', 'd384')],
    ['a detached payload', /signature/, inContent('c2pa.signature', 'a0f65840', 'a0405840')],
    ['a long signature head', /signature/, inContent('c2pa.signature', 'a0f65840', 'a0f6590040')],
    ['padding in the unprotected header', /signature/, inContent('c2pa.signature', 'a0f65840', 'a16370616440f65840')],
    ['an unprotected header of unstated length', /signature/, inContent('c2pa.signature', 'a0f65840', 'bffff65840')],
    ['a header in another order', /signature/, inContent('c2pa.signature', 'a20126', 'a20127')],
    [
      'bytes behind the signature',
      /signature/,
      (store) => {
        const { content } = partsOf(store, 'c2pa.signature');
        content.data = Buffer.concat([content.data, Buffer.from([0])]);
      },
    ],
  ];

  for (const [name, part, alter] of cases) {
    it(`refuses ${name}`, () => {
      assert.throws(() => readSeal(altered(alter)), damage(part));
    });
  }

  it('refuses whatever bytes stand in a box, and how deep they nest, with a sentence', () => {
    const label = fc.constantFrom('c2pa.claim.v2', ...ASSERTIONS, 'c2pa.signature', 'c2pa.assertions', 'urn:c2pa:');
    const wreck = fc.record({ label, at: fc.nat(), drop: fc.nat(40), add: fc.uint8Array({ maxLength: 40 }) });
    fc.assert(
      fc.property(wreck, fc.boolean(), ({ label: wanted, at, drop, add }, inDescription) => {
        const file = altered((store) => {
          const { description, content } = partsOf(store, wanted);
          const box = inDescription ? description : content;
          const from = at % (box.data.length + 1);
          box.data = Buffer.concat([box.data.subarray(0, from), add, box.data.subarray(from + drop)]);
        });
        if (!file.equals(sealed)) assert.throws(() => readAndCheck(file), damage());
      }),
      { numRuns: 1000 },
    );
    for (let depth = 100; depth < 60_000; depth = Math.ceil(depth * 1.1)) {
      const nested = inContent(
        'org.kerbside.measurement',
        `${hexOf('limitKmh')}1832`,
        `${hexOf('limitKmh')}${'81'.repeat(depth)}00`,
      );
      assert.throws(() => readAndCheck(altered(nested)), damage(), String(depth));
      const range = inContent('c2pa.hash.data', `${hexOf('start')}14`, `${hexOf('start')}${'81'.repeat(depth)}00`);
      assert.throws(() => readAndCheck(altered(range)), damage(), String(depth));
    }
  });
});
