/**
 * The one error class of the house. Codes come in groups (1xx link, 2xx radar, 3xx position and time, 4xx camera and
 * lines, 5xx evidence, 6xx configuration and site, 7xx operator) and are stable: scripts and manuals refer to them.
 * The sentence says where, what was found and what was expected; it is shown to people as it stands.
 */

/** Exit codes of the command line (contract). */
export const EXIT = {
  good: 0,
  usage: 1,
  invalid: 2,
  notReady: 3,
  deviceMissing: 4,
  integrity: 5,
  notPermitted: 6,
  simulationWrong: 10,
  simulationStalled: 11,
  internal: 70,
  tryAgain: 75,
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Every error the program can raise on purpose: number, exit code of the command line. Names are stable strings. */
export const ERRORS = {
  'link-missing': [101, EXIT.deviceMissing],
  'link-unreadable': [102, EXIT.deviceMissing],
  'link-settings': [103, EXIT.deviceMissing],
  'link-lost': [104, EXIT.deviceMissing],
  'radar-refused': [201, EXIT.deviceMissing],
  'radar-self-test': [202, EXIT.notReady],
  'position-source': [301, EXIT.deviceMissing],
  'gpio-missing': [401, EXIT.deviceMissing],
  'line-failed': [402, EXIT.deviceMissing],
  'image-unreadable': [410, EXIT.invalid],
  'image-not-jpeg': [411, EXIT.invalid],
  'image-progressive': [412, EXIT.invalid],
  'image-arithmetic': [413, EXIT.invalid],
  'image-precision': [414, EXIT.invalid],
  'image-truncated': [415, EXIT.invalid],
  'image-unsupported': [416, EXIT.invalid],
  'store-version': [501, EXIT.integrity],
  'store-schema': [502, EXIT.integrity],
  'store-locked': [503, EXIT.tryAgain],
  'store-failed': [504, EXIT.integrity],
  'disk-full': [505, EXIT.tryAgain],
  'icn-exhausted': [506, EXIT.notReady],
  'icn-unknown': [507, EXIT.invalid],
  'evidence-damaged': [508, EXIT.integrity],
  'chain-broken': [509, EXIT.integrity],
  'key-missing': [510, EXIT.notReady],
  'key-unusable': [511, EXIT.invalid],
  'evidence-missing': [512, EXIT.invalid],
  'recording-damaged': [513, EXIT.integrity],
  'recording-unreadable': [514, EXIT.invalid],
  'pass-unknown': [515, EXIT.invalid],
  'config-unreadable': [601, EXIT.invalid],
  'deployment-unknown': [541, EXIT.invalid],
  'config-invalid': [602, EXIT.invalid],
  'site-unreadable': [603, EXIT.invalid],
  'site-invalid': [604, EXIT.invalid],
  'scenario-invalid': [605, EXIT.invalid],
  'not-available': [606, EXIT.invalid],
  'simulation-stalled': [612, EXIT.simulationStalled],
  'pack-unreadable': [607, EXIT.invalid],
  'pack-invalid': [608, EXIT.invalid],
  'pack-untrusted': [609, EXIT.integrity],
  'pack-older': [610, EXIT.notPermitted],
  'reference-unknown': [611, EXIT.invalid],
  usage: [701, EXIT.usage],
  interrupted: [702, EXIT.interrupted],
  'controller-absent': [721, EXIT.tryAgain],
  'controller-silent': [722, EXIT.tryAgain],
  'control-socket': [723, EXIT.invalid],
  'control-denied': [724, EXIT.notPermitted],
  'request-invalid': [725, EXIT.usage],
  'deployment-invalid': [726, EXIT.invalid],
  'deployment-refused': [727, EXIT.notReady],
  'test-failed': [728, EXIT.notReady],
} as const satisfies Record<string, readonly [number, ExitCode]>;

export type ErrorName = keyof typeof ERRORS;

export class KerbsideError extends Error {
  readonly kind: ErrorName;
  readonly code: number;
  readonly exitCode: ExitCode;

  /** @param sentence one sentence: where, what was found, what was expected. */
  constructor(kind: ErrorName, sentence: string, options?: { cause?: unknown }) {
    super(sentence, options);
    this.name = 'KerbsideError';
    this.kind = kind;
    [this.code, this.exitCode] = ERRORS[kind];
  }
}
