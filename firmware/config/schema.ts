/**
 * The configuration file `kerbside.yaml` (contract, "Configuration"). Unknown keys are errors; every default is stated
 * here and nowhere else. `kerbside config schema` prints this as JSON Schema.
 */
import { z } from 'zod';
import { CERTIFICATE_KINDS } from '../../src/evidence/record-context.js';
import { INSTALLATION_KINDS } from '../../src/site/types.js';
import { RADAR_PROTOCOLS } from '../../src/radar/reading.js';

const path = z.string().min(1);
const port = z.int().min(0).max(65535);
const milliseconds = (most: number) => z.number().min(0).max(most);
const gpioNumber = z.int().min(0).max(1023);

export const LINE_DRIVERS = ['onoff', 'gpiochip', 'simulated'] as const;

const camera = z.strictObject({
  id: z.string().min(1).max(20).describe('Identity of the camera, printed on every image'),
  model: z.string().min(1).max(60).default('unknown'),
  approvalNotice: z.string().nullable().default(null).describe('Gazetted notice (CAL-4); null: type not approved'),
  serialNumber: z
    .string()
    .nullable()
    .default(null)
    .describe('Expected body serial number; null: learnt at the sync shot'),
  shutterPulseMs: milliseconds(1000).default(50),
  flash: z.enum(['dark', 'always', 'never']).default('dark'),
  flashLeadMs: milliseconds(100).default(2),
  flashPulseMs: milliseconds(1000).default(50),
  deadTimeMs: milliseconds(60_000).default(500).describe('No second trigger sooner than this'),
  strobeWindowMs: z.tuple([milliseconds(1000), milliseconds(5000)]).default([0, 250]),
  imageTimeoutMs: milliseconds(60_000).default(10_000),
});

const radar = z.strictObject({
  protocol: z.enum(RADAR_PROTOCOLS),
  port: path.describe('Serial device, e.g. /dev/radar'),
  baudRate: z.int().min(1200).max(4_000_000).optional().describe('Default by protocol: agd350 921600, ops243 19200'),
  parity: z.enum(['none', 'odd', 'even']).optional().describe('Default by protocol: agd350 odd, ops243 none'),
  angleDeg: z.number().min(0).max(60).default(22.5).describe('Angle between the beam and the road'),
  angleReference: z.enum(['auto', 'boresight', 'road']).default('auto'),
  beamWidthDeg: z.number().min(1).max(30).default(5),
  corrected: z.boolean().default(false).describe('Does the stream already hold true speed?'),
  requireReadback: z.boolean().default(false).describe('Refuse until the radar confirmed each setting itself'),
  selfTest: z.boolean().default(true).describe('Run the self-test of the radar (AGD *TS) at the start'),
  selfTestEveryMinutes: z
    .number()
    .min(5)
    .max(1440)
    .default(60)
    .describe('The last good self-test must be younger than this; it is run again in time'),
  serialNumber: z.string().min(1).max(40).nullable().default(null).describe('Named by its certificate (CAL-1)'),
});

const lines = z.strictObject({
  driver: z.enum(LINE_DRIVERS),
  shutter: gpioNumber.default(17),
  flash: gpioNumber.optional(),
  strobe: gpioNumber.optional(),
  tamper: gpioNumber.optional(),
  ready: gpioNumber.optional(),
  socket: path.optional().describe('driver simulated: Unix socket that the controller serves'),
  gpioRoot: path.default('/sys/class/gpio').describe('driver onoff: where the kernel shows its GPIO'),
});

const digitalPin = (standard: number) => z.int().min(2).max(127).nullable().default(standard);
const analogPin = (standard: string) =>
  z
    .string()
    .regex(/^A(\d|1[0-5])$/, 'expected an analog pin, A0 to A15')
    .nullable()
    .default(standard);

const ioBoardPins = z.strictObject({
  tailgateOpen: digitalPin(2).describe('Limit switch: tailgate fully open (DEP-5)'),
  tailgateClosed: digitalPin(3).describe('Limit switch: tailgate fully closed (DEP-5)'),
  parkLights: digitalPin(4).describe('Park lights are lit (DEP-2)'),
  tamperLoop: digitalPin(5).describe('Loop round the cabinet (TAM-1)'),
  flashReady: digitalPin(6),
  armKey: digitalPin(7),
  lamp: digitalPin(8).describe('Status lamp, an output'),
  battery: analogPin('A0'),
  cabinet: analogPin('A1').describe('Temperature sensor in the cabinet'),
});

const ioBoard = z.strictObject({
  driver: z.enum(['none', 'johnny-five']).default('none'),
  port: path.optional().describe('driver johnny-five: serial device of the board, e.g. /dev/ioboard'),
  baudRate: z.int().min(1200).max(4_000_000).default(57_600),
  pins: ioBoardPins.default(ioBoardPins.parse({})).describe('Pins of the board; null: not wired'),
  batteryDivider: z.number().min(1).max(100).default(5).describe('Battery voltage over voltage at the pin'),
  referenceV: z.number().min(1).max(5.5).default(5).describe('Voltage that the converter reads as full scale'),
  temperatureSensor: z.enum(['tmp36', 'lm35']).default('tmp36'),
  debounceMs: milliseconds(1000).default(50).describe('The arm key counts once it was held for so long'),
});

const recording = z.strictObject({
  partMb: z.int().min(1).max(4096).default(32).describe('Size of a file of the recording; the next one carries on'),
  keepMb: z
    .int()
    .min(16)
    .max(1_000_000)
    .default(4096)
    .describe('All recordings together: the oldest without an exhibit are deleted beyond it'),
});

export const configSchema = z.strictObject({
  camera,
  dataDir: path.default('/var/lib/kerbside'),
  siteFile: path
    .optional()
    .describe('Bench: opens this site at once; left out: sites come from imported packs (SITE-3)'),
  installation: z
    .strictObject({
      kind: z.enum(INSTALLATION_KINDS).default('mobile'),
      site: z.string().min(1).max(20).optional().describe('static: code of the site, which is opened at the start'),
    })
    .default({ kind: 'mobile' }),
  vehicle: z.string().min(1).max(10).nullable().default(null).describe('Registration of the van (OPR-5)'),
  forks: z
    .array(z.string().min(1).max(40))
    .max(10)
    .default([])
    .describe('Serial numbers of the tuning forks that are carried; they are tested with at the start and at the end'),
  reference: z
    .strictObject({ folder: path.optional().describe('Default: the folder reference in dataDir') })
    .default({})
    .describe('Where imported packs lie'),
  trust: z
    .strictObject({
      pib: path.optional().describe('Root certificate (PEM) that packs of PIB must lead to'),
      calibration: path.optional().describe('Root certificate (PEM) that packs of calibration services must lead to'),
    })
    .default({})
    .describe('Left out: only DEMO packs are taken, and only for DEMO sessions'),
  radar,
  mounting: z.strictObject({
    facing: z.enum(['front', 'rear']).default('rear'),
    side: z.enum(['left', 'right']).default('left').describe('Side of its carriageway on which the van stands'),
    antennaAheadM: z.number().min(-20).max(20).default(0),
    antennaOffsetM: z.number().min(-5).max(5).default(0),
  }),
  gps: z.strictObject({ host: z.string().min(1).default('127.0.0.1'), port: port.default(2947) }),
  lines,
  ioBoard: ioBoard.default(ioBoard.parse({})),
  images: z.strictObject({
    source: z.enum(['folder', 'ftp', 'gphoto2']).default('folder'),
    folder: path.optional().describe('source folder: where the camera delivers its files'),
  }),
  icn: z
    .strictObject({
      firstDeployment: z.int().min(1).max(999_999).default(1),
      lastDeployment: z.int().min(1).max(999_999).default(999_999),
    })
    .default({ firstDeployment: 1, lastDeployment: 999_999 })
    .describe('Range of deployment numbers issued to this camera (ICN-3)'),
  keys: z
    .strictObject({ folder: path.optional().describe('Default: the folder keys in dataDir') })
    .default({})
    .describe('Where the key and the certificates lie that evidence is sealed with'),
  certificates: z
    .array(
      z.strictObject({
        kind: z.enum(CERTIFICATE_KINDS),
        number: z.string().min(1).max(60),
        issuer: z.string().min(1).max(120),
        issuedOn: z.iso.date(),
        validUntil: z.iso.date(),
        file: path.optional().describe('A copy that travels with the evidence (CAL-5)'),
      }),
    )
    .max(20)
    .default([])
    .describe('Certificates of accuracy (CAL-1, CAL-2), stated in every record'),
  recording: recording.default(recording.parse({})),
  console: z
    .strictObject({ host: z.string().min(1).default('127.0.0.1'), port: port.default(8080) })
    .default({ host: '127.0.0.1', port: 8080 }),
});

/** The configuration after defaults. */
export type KerbsideConfig = z.infer<typeof configSchema>;
