/**
 * What a verifier says of an exhibit: one check after the other, as data. Every check has a stable id, names the part of
 * the exhibit that it speaks of, and says in a plain sentence what was found and what it means. A check whose ground is
 * gone (the record's signature does not hold, so the record says nothing about the image) is not made, and says so: in
 * this way what fails names the part that was altered and not everything that leans on it.
 */
import { KerbsideError } from '../../errors.js';

export type ExhibitPart = 'record' | 'signature' | 'image';
export type CheckStatus = 'ok' | 'failed' | 'not-checked';

interface CheckMeaning {
  readonly part: ExhibitPart;
  /** Said where it holds. */
  readonly ok: string;
}

/** In the order in which they are made and shown. */
export const EXHIBIT_CHECKS = {
  'signature-form': {
    part: 'signature',
    ok: 'The signature file is whole and written in the one form that is accepted; nothing was added to it.',
  },
  'signature-valid': {
    part: 'signature',
    ok: 'The signature was made with the key of the certificate that it carries.',
  },
  'record-unchanged': {
    part: 'record',
    ok: 'The record is, to the last bit, the one that was signed.',
  },
  'certificate-trusted': {
    part: 'signature',
    ok: 'The certificate of the signature was issued under a trusted root and was valid when it signed.',
  },
  'record-readable': { part: 'record', ok: 'The record can be read.' },
  'record-form': {
    part: 'record',
    ok: 'The record is written in the one form that is accepted; nothing was added to it.',
  },
  'record-complete': {
    part: 'record',
    ok: 'No field was taken out of the record: each is stated, or the record itself says that it is left out.',
  },
  'record-required': { part: 'record', ok: 'The record states everything that a record of its kind must state.' },
  'record-name': { part: 'record', ok: 'File name and folder are those of the number that the record speaks of.' },
  'demo-marked': {
    part: 'signature',
    ok: 'Record and key agree on whether this is a demonstration.',
  },
  'image-present': { part: 'image', ok: 'There is an image exactly where the record speaks of one.' },
  'image-unchanged': {
    part: 'image',
    ok: 'The image is, to the last bit, the one whose SHA-256 stands in the signed record.',
  },
  'image-seal-form': {
    part: 'image',
    ok: 'The seal inside the image (C2PA) is whole and written in the one form that is accepted.',
  },
  'image-seal-valid': {
    part: 'image',
    ok: 'The seal inside the image was made by its certificate over this picture and these statements.',
  },
  'image-seal-signer': {
    part: 'signature',
    ok: 'The seal inside the image and the signature of the record come from the same certificate.',
  },
  'image-claim': {
    part: 'image',
    ok: 'What the seal inside the image says of the measurement is what the record says.',
  },
  'image-number': { part: 'image', ok: 'The picture data (EXIF) state the number of the record.' },
  'camera-file': {
    part: 'image',
    ok: "The camera's own file can be recovered from the image and has the SHA-256 that the record states.",
  },
  'certificate-copies': {
    part: 'record',
    ok: 'The copies of the certificates of accuracy are those whose SHA-256 the record states.',
  },
  measurement: {
    part: 'record',
    ok: "The radar's own frames, decoded and measured again, give the speed that the record states.",
  },
  verdict: {
    part: 'record',
    ok: 'The verdict follows from the truncated speed and the threshold that the record states.',
  },
} as const satisfies Record<string, CheckMeaning>;

export type CheckId = keyof typeof EXHIBIT_CHECKS;

export interface Check {
  readonly id: CheckId;
  readonly status: CheckStatus;
  /** Null where it holds: {@link sentenceOf} has the words; so that a million exhibits need no million sentences. */
  readonly sentence: string | null;
  /** Each field in question, of which the sentence may name only the first few. */
  readonly details?: readonly string[];
  /** Of a check that was not made: there is nothing that it could have looked at. */
  readonly needless?: true;
}

export const partOf = (id: CheckId): ExhibitPart => EXHIBIT_CHECKS[id].part;

export const sentenceOf = ({ id, sentence }: Check): string => sentence ?? EXHIBIT_CHECKS[id].ok;

/** Gathers checks; those that were not made are filled in at the end. */
export class CheckList {
  private readonly made = new Map<CheckId, Check>();

  /** @param objection null: it holds. @returns whether it holds */
  note(id: CheckId, objection: string | null, details: readonly string[] = []): boolean {
    const check: Check = { id, status: objection === null ? 'ok' : 'failed', sentence: objection };
    this.made.set(id, details.length === 0 ? check : { ...check, details });
    return objection === null;
  }

  holds(id: CheckId): boolean {
    return this.made.get(id)?.status === 'ok';
  }

  skip(id: CheckId, why: string): void {
    this.made.set(id, { id, status: 'not-checked', sentence: why });
  }

  /** Not made, and nothing is lost by it. */
  leaveOut(id: CheckId, why: string): void {
    this.made.set(id, { id, status: 'not-checked', sentence: why, needless: true });
  }

  /**
   * A refusal of the house is noted with its sentence. Whatever else is thrown is a defect of this program and no property
   * of the exhibit: it passes, so that nobody reads it as a forgery.
   * @returns what `work` gave; null where it refused
   */
  attempt<T>(id: CheckId, work: () => T): T | null {
    try {
      const value = work();
      this.note(id, null);
      return value;
    } catch (error) {
      if (!(error instanceof KerbsideError)) throw error;
      this.note(id, error.message);
      return null;
    }
  }

  /** @param otherwise why those were not made of which nothing was said, and whether they are needless */
  all(otherwise: Pick<Check, 'sentence' | 'needless'>): Check[] {
    return (Object.keys(EXHIBIT_CHECKS) as CheckId[]).map(
      (id) => this.made.get(id) ?? { id, status: 'not-checked', ...otherwise },
    );
  }
}
