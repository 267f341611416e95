/**
 * Incident Control Numbers (ICN-1, ICN-2, ICN-3): how a number is written, read and counted on. The official structure is
 * not public, so it is an interface; the default is six digits of deployment and three of image. A number is a string
 * of fixed width for ever: one has been printed in a court decision with its leading zero lost.
 */
import { KerbsideError } from '../errors.js';
import type { Icn } from './types.js';

/** One way of writing numbers; everything else in the house only passes the strings on. */
export interface IcnScheme {
  /** Digits of the deployment number, as it is printed and as the evidence folder is named. */
  readonly deploymentDigits: number;
  /** Highest image number of one deployment; images count from 1. */
  readonly maxImage: number;
  /** @throws KerbsideError 'icn-exhausted' when a part does not fit its digits */
  format(deployment: number, image: number): Icn;
  /** @throws KerbsideError 'icn-unknown' when the text is no number of this scheme */
  parse(icn: string): { readonly deployment: number; readonly image: number };
  formatDeployment(deployment: number): string;
}

/** @param imageDigits digits of the image number; image 0 is never given out */
export function createIcnScheme(deploymentDigits: number, imageDigits: number): IcnScheme {
  const maxDeployment = 10 ** deploymentDigits - 1;
  const maxImage = 10 ** imageDigits - 1;
  const width = deploymentDigits + imageDigits;
  const pattern = new RegExp(`^[0-9]{${String(width)}}$`);

  const digits = (value: number, most: number, count: number, what: string): string => {
    if (!Number.isInteger(value) || value < 1 || value > most) {
      throw new KerbsideError(
        'icn-exhausted',
        `${what} ${String(value)} cannot be written with ${String(count)} digits; it must lie between 1 and ${String(most)}.`,
      );
    }
    return String(value).padStart(count, '0');
  };
  const formatDeployment = (deployment: number): string =>
    digits(deployment, maxDeployment, deploymentDigits, 'Deployment number');

  return {
    deploymentDigits,
    maxImage,
    formatDeployment,
    format: (deployment, image) => formatDeployment(deployment) + digits(image, maxImage, imageDigits, 'Image number'),
    parse(icn) {
      const deployment = Number(icn.slice(0, deploymentDigits));
      const image = Number(icn.slice(deploymentDigits));
      if (!pattern.test(icn) || deployment === 0 || image === 0) {
        throw new KerbsideError(
          'icn-unknown',
          `'${icn}' is no Incident Control Number; expected ${String(width)} digits with leading zeros, neither part zero.`,
        );
      }
      return { deployment, image };
    },
  };
}

/** ICN-3: six digits of deployment, then 001 to 999. */
export const DEFAULT_ICN_SCHEME: IcnScheme = createIcnScheme(6, 3);

/** Where the counting stands. */
export interface IcnState {
  readonly deployment: number;
  /** Next image number to give out, 1 to maxImage + 1. */
  readonly nextImage: number;
  /** Last deployment number of the range issued to this camera (`icn.lastDeployment`). */
  readonly lastDeployment: number;
}

export interface NumberedImage {
  readonly icn: Icn;
  readonly deployment: number;
  readonly image: number;
}

/**
 * The next numbers in order. After the highest image number the next deployment number opens (ICN-3). Fewer than
 * `count` come back where the range ends, so that no number is skipped.
 *
 * @throws KerbsideError 'icn-exhausted' when not one is left
 */
export function nextNumbers(
  state: IcnState,
  count: number,
  scheme: IcnScheme = DEFAULT_ICN_SCHEME,
): { readonly numbers: readonly NumberedImage[]; readonly state: IcnState } {
  const numbers: NumberedImage[] = [];
  let { deployment, nextImage } = state;
  while (numbers.length < count) {
    if (nextImage > scheme.maxImage) {
      if (deployment >= state.lastDeployment) break;
      deployment += 1;
      nextImage = 1;
    }
    numbers.push({ icn: scheme.format(deployment, nextImage), deployment, image: nextImage });
    nextImage += 1;
  }
  if (numbers.length === 0) {
    throw new KerbsideError(
      'icn-exhausted',
      `No number is left: deployment ${scheme.formatDeployment(deployment)} is full and the range issued to this camera ends at ${scheme.formatDeployment(state.lastDeployment)}; a new range must be issued (icn.lastDeployment).`,
    );
  }
  return { numbers, state: { ...state, deployment, nextImage } };
}

/**
 * The deployment number of a new session: the one after the highest that was ever opened, inside the issued range.
 *
 * @param highest highest deployment number in the store, null when there is none
 * @throws KerbsideError 'icn-exhausted' when the range is used up
 */
export function nextDeployment(
  highest: number | null,
  range: { readonly firstDeployment: number; readonly lastDeployment: number },
  scheme: IcnScheme = DEFAULT_ICN_SCHEME,
): number {
  const next = Math.max((highest ?? 0) + 1, range.firstDeployment);
  if (next > range.lastDeployment) {
    throw new KerbsideError(
      'icn-exhausted',
      `No deployment number is left: the next would be ${String(next)} and the range issued to this camera is ${scheme.formatDeployment(range.firstDeployment)} to ${scheme.formatDeployment(range.lastDeployment)} (icn).`,
    );
  }
  return next;
}
