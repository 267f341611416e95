/**
 * Nobody alters an exhibit unseen: bits, lengths, files, fields, chains, keys. Nothing is accepted, and what is refused is
 * refused for the part that was altered. BIT_FLIPS=all tries every bit and every length (`make fuzz`).
 */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { ContentInfo, SignedData } from '@peculiar/asn1-cms';
import { AsnConvert } from '@peculiar/asn1-schema';
import { Attribute, Certificate } from '@peculiar/asn1-x509';
import { CertificateChoices } from '@peculiar/asn1-cms';
import { messageOf, readEnvelope } from '../../src/evidence/record-envelope.js';
import { decodeRecord, encodeRecord } from '../../src/evidence/record.js';
import { checkChain } from '../../src/evidence/verify/chain.js';
import { bySequence, type PlacedMember } from '../../src/evidence/verify/set-types.js';
import { demoSigner, deviceSigner, makeSet, otherSpeed, type Exhibit, type MadeSet } from '../support/exhibit.js';
import { bitsOf, failedIds, failedParts, flipFault, judge, PARTS, resigned, sentences } from '../support/tamper.js';
import { fieldsOf } from '../support/wire.js';

const EVERYTHING = process.env['BIT_FLIPS'] === 'all';
const SAMPLED_BITS = 500;
const SEED = Number(process.env['BIT_SEED'] ?? 20_260_606);

/** Numbers that the seed alone determines. */
function* randomNumbers(seed: number): Generator<number, never> {
  for (let state = seed >>> 0; ;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

describe('an altered exhibit', function () {
  this.timeout(EVERYTHING ? 0 : 120_000);
  let set: MadeSet;
  let incident: Exhibit;
  let other: Exhibit;
  let without: Exhibit;

  before(async () => {
    set = await makeSet(await demoSigner());
    const [, , first, voided, , second] = set.exhibits;
    [incident, without, other] = [first!, voided!, second!];
  });

  after(() => rmSync(set.dataDir, { recursive: true }));

  it('is small, and good before it is altered', () => {
    assert.ok(incident.image!.length <= 16 * 1024, `${incident.image!.length} bytes`);
    for (const exhibit of set.exhibits) assert.equal(sentences(judge(exhibit)), '', exhibit.name);
  });

  it('bit by bit: nothing is accepted, and the part that was altered is named', async () => {
    const bits = bitsOf(incident);
    if (!EVERYTHING) {
      const random = randomNumbers(SEED);
      const faults = Array.from({ length: SAMPLED_BITS }, () =>
        flipFault(incident, Math.floor(random.next().value * bits)),
      );
      assert.deepEqual(
        faults.filter((fault) => fault !== null),
        [],
        `BIT_SEED=${SEED}`,
      );
      return;
    }
    // Small shares, since a thread that has the image's tables to alter is slower than one that has its pixels.
    const shares = Array.from({ length: 64 }, (_, i) => ({
      exhibit: incident,
      from: Math.floor((i * bits) / 64),
      to: Math.floor(((i + 1) * bits) / 64),
    }));
    const faults: string[] = [];
    const work = async (): Promise<void> => {
      for (let share = shares.pop(); share !== undefined; share = shares.pop()) {
        const worker = new Worker(new URL('../support/flip-worker.js', import.meta.url), { workerData: share });
        faults.push(
          ...(await new Promise<string[]>((resolve, reject) => {
            worker.once('message', resolve);
            worker.once('error', reject);
          })),
        );
      }
    };
    await Promise.all(Array.from({ length: availableParallelism() }, work));
    assert.deepEqual(faults, []);
    process.stdout.write(`      ${bits} bits altered one by one, 0 accepted\n`);
  });

  for (const part of PARTS) {
    it(`cut at any length: the ${part} is named`, () => {
      const bytes = incident[part]!;
      const step = part === 'image' && !EVERYTHING ? 41 : 1;
      for (let length = 0; length < bytes.length; length += step) {
        // The image is not looked at again for each of them.
        const rest = part === 'image' ? {} : { image: null };
        const result = judge(incident, { ...rest, [part]: bytes.subarray(0, length) });
        assert.deepEqual(failedParts(result), [part], `${length} of ${bytes.length} bytes: ${sentences(result)}`);
      }
    });

    it(`with something behind it: the ${part} is named`, () => {
      for (const more of [[0], [0xff], [0xff, 0xd9], [0x30, 0x00], [0xa2, 0x06, 0x00], incident[part]!]) {
        const longer = Uint8Array.of(...incident[part]!, ...more);
        assert.deepEqual(failedParts(judge(incident, { [part]: longer })), [part], more.join());
      }
    });

    it(`without its ${part}: that it is missing is said`, () => {
      const result = judge(incident, { [part]: null });
      assert.deepEqual(failedParts(result), [part]);
      assert.match(sentences(result), /missing/);
    });
  }

  it('a byte more at any place of the signature file is found', () => {
    const { signature } = incident;
    for (let at = 0; at <= signature.length; at += 1) {
      const longer = Uint8Array.of(...signature.subarray(0, at), 0x00, ...signature.subarray(at));
      assert.deepEqual(failedParts(judge(incident, { signature: longer, image: null })), ['signature'], `at ${at}`);
    }
  });

  it('what CMS leaves unsigned is refused: attributes, certificates', async () => {
    const { signer } = await deviceSigner();
    const alter = (change: (data: SignedData) => void): Uint8Array => {
      const info = AsnConvert.parse(incident.signature, ContentInfo);
      const data = AsnConvert.parse(info.content, SignedData);
      change(data);
      info.content = AsnConvert.serialize(data);
      return new Uint8Array(AsnConvert.serialize(info));
    };
    assert.deepEqual(
      alter(() => undefined),
      incident.signature,
      'the way of altering alters nothing by itself',
    );
    const certificate = AsnConvert.parse(signer.certificates[0]!, Certificate);
    const altered = [
      alter((data) => data.certificates!.push(new CertificateChoices({ certificate }))),
      alter((data) => data.signerInfos.push(data.signerInfos[0]!)),
      alter((data) => {
        const note = new Attribute({ type: '1.2.3.4', values: [Uint8Array.of(0x05, 0x00).buffer] });
        data.signerInfos[0]!.unsignedAttrs = [note as never];
      }),
    ];
    for (const signature of altered) {
      const result = judge(incident, { signature });
      assert.deepEqual(failedIds(result), ['signature-form']);
    }
  });

  it('an image with something put in anywhere in its header is refused as the image', () => {
    const image = incident.image!;
    const comment = [0xff, 0xfe, 0x00, 0x04, 0x68, 0x69];
    for (let at = 0; at < 2500; at += 13) {
      const longer = Uint8Array.of(...image.subarray(0, at), ...comment, ...image.subarray(at));
      assert.deepEqual(failedParts(judge(incident, { image: longer })), ['image'], `at ${at}`);
      // Even one who has no record beside it finds out.
      const alone = judge(incident, { image: longer, record: null, signature: null });
      assert.deepEqual([alone.type, failedParts(alone)], ['image', ['image']], `at ${at}, alone`);
    }
  });

  it('with the image of another number the image is refused', () => {
    const result = judge(incident, { image: other.image });
    assert.deepEqual(failedParts(result), ['image']);
    assert.match(sentences(result), /not the image that was sealed/);
    assert.match(sentences(result), /icn is "000123005" in the seal and "000123002" in the record/);
  });

  it('with an image where the record speaks of none the image is refused', () => {
    assert.deepEqual(failedIds(judge(without, { image: other.image })).slice(0, 1), ['image-present']);
    assert.deepEqual(failedParts(judge(without, { image: other.image })), ['image']);
  });

  it('with the record of another number the record is refused', () => {
    const alone = judge(incident, { record: other.record });
    assert.deepEqual(failedParts(alone), ['record']);
    assert.match(sentences(alone), /altered after it was signed/);
    const both = judge(incident, { record: other.record, signature: other.signature });
    assert.deepEqual(failedParts(both), ['record', 'image']);
    assert.match(sentences(both), /named 000123002, and the record in it speaks of 000123005/);
  });

  it('with the signature of another number something is refused: which of the two is the other is not known', () => {
    assert.deepEqual(failedIds(judge(incident, { signature: other.signature })), ['record-unchanged']);
  });

  it('signed again under an own authority: the signature is refused', async () => {
    const { signer, root } = await deviceSigner();
    const changes = await resigned(incident.record, signer);
    const result = judge(incident, changes);
    assert.deepEqual(failedParts(result), ['signature']);
    assert.deepEqual(failedIds(result), ['certificate-trusted', 'demo-marked', 'image-seal-signer']);
    // Whoever trusts that authority still learns that the key is not the one of a demonstration, nor of the image.
    assert.deepEqual(failedIds(judge(incident, changes, [root])), ['demo-marked', 'image-seal-signer']);
  });

  it('signed again under another demo key: the signature is refused', async () => {
    const result = judge(incident, await resigned(incident.record, await demoSigner()));
    assert.deepEqual(failedIds(result), ['image-seal-signer']);
    assert.deepEqual(failedParts(result), ['signature']);
  });

  it('a record that a camera never made is refused, though its own key signed it', async () => {
    const record = decodeRecord(incident.record);
    const lie = encodeRecord({ ...record, exposure: otherSpeed(record.exposure) });
    const result = judge(incident, await resigned(lie, set.signer));
    assert.deepEqual(failedIds(result), ['image-claim', 'measurement']);
    assert.match(
      sentences(result),
      /The radar's frames give 113\.\d+ km\/h from 8 readings, 0 cut; the record states 114/,
    );
  });

  it('each field that is taken out is named, at every level and in every kind of record, whoever signs', async () => {
    let tried = 0;
    for (const exhibit of set.exhibits) {
      const message = messageOf(readEnvelope(exhibit.record).type);
      for (const { names, without: record } of fieldsOf(exhibit.record, message)) {
        const result = judge(exhibit, { ...(await resigned(record, set.signer)), image: null });
        const said = sentences(result);
        assert.ok(!result.ok, `${exhibit.name} without ${names.join(' / ')} is accepted`);
        assert.ok(failedParts(result).includes('record'), `${names.join(' / ')}: ${said}`);
        const isNamed = names.some((name) =>
          new RegExp(`(^|[ "])${name.replace(/[[\].]/g, '\\$&')}[ ,.:"]`, 'm').test(said),
        );
        assert.ok(isNamed, `${exhibit.name} without ${names.join(' / ')}: ${said}`);
        tried += 1;
      }
    }
    assert.ok(tried > 700, `only ${tried} fields`);
  });

  describe('in its chain', () => {
    const members = (): PlacedMember[] =>
      set.exhibits
        .map((exhibit) => ({
          ...judge(exhibit).member!,
          path: `${exhibit.name}.record`,
          chain: '',
          relative: exhibit.name,
        }))
        .sort(bySequence);
    const wrong = (own: readonly PlacedMember[]): string[] =>
      checkChain(own).flatMap(({ status, id }) => (status === 'failed' ? [id] : []));

    it('a whole set is whole, and so is any stretch of it', () => {
      const all = members();
      for (let from = 0; from < all.length; from += 1) {
        for (let to = from + 1; to <= all.length; to += 1) assert.deepEqual(wrong(all.slice(from, to)), []);
      }
    });

    it('a record that was removed leaves a gap', () => {
      const all = members();
      for (let i = 1; i < all.length - 1; i += 1) {
        assert.deepEqual(wrong(all.filter((_, at) => at !== i)), ['chain-sequence'], `without ${i}`);
      }
    });

    it('an older record that was put in once more, or in the place of another, is found', () => {
      const all = members();
      for (let i = 0; i < all.length; i += 1) {
        assert.ok(wrong([...all, all[i]!]).includes('chain-sequence'), `${i} twice`);
        if (i > 0) assert.ok(wrong(all.map((member, at) => (at === i ? all[i - 1]! : member))).length > 0, `${i}`);
      }
    });

    it('two records that changed places are found, though each is signed by the right key', async () => {
      const links = members().map(({ sequence, previousSha256 }) => ({ sequence, previousSha256 }));
      const swap = async (exhibit: Exhibit, link: (typeof links)[number]): Promise<PlacedMember> => {
        const record = encodeRecord({ ...decodeRecord(exhibit.record), link });
        const result = judge(exhibit, { ...(await resigned(record, set.signer)), image: null });
        return { ...result.member!, path: exhibit.name, chain: '', relative: exhibit.name };
      };
      const all = members();
      all[2] = await swap(incident, links[5]!);
      all[5] = await swap(other, links[2]!);
      assert.ok(wrong(all).includes('chain-hashes'));
    });
  });
});
