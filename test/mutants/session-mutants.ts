/** Mutants of the session: states, tests of the equipment, doubts, and what may happen between two rounds of checks. */
import type { Mutant } from './mutants.js';

const DEPLOYMENT = ['test/controller/deployment.test.js'];
const SUSPENSION = ['test/controller/suspension.test.js'];
const MOMENTS = ['test/controller/moments.test.js'];
const EQUIPMENT = ['test/controller/equipment.test.js'];
const STAGE = ['test/deployment/stage.test.js'];

export const SESSION_MUTANTS: readonly Mutant[] = [
  {
    claim: 'a start counts in the state ready alone',
    file: 'src/deployment/stage.js',
    from: "if (this.current !== 'ready')\n",
    to: "if (this.current === 'closed')\n",
    provenBy: STAGE,
  },
  {
    claim: 'enforcement does not go on by itself where a check that failed asks for a person',
    file: 'src/deployment/stage.js',
    from: 'this.mayResume &&= resumes;',
    to: '',
    provenBy: STAGE,
  },
  {
    claim: 'a static site does not begin by itself a second time',
    file: 'src/deployment/stage.js',
    from: "this.mode === 'operator' || this.hasBegun",
    to: "this.mode === 'operator'",
    provenBy: STAGE,
  },
  {
    claim: 'TAM-1: after tampering nothing goes on by itself',
    file: 'src/deployment/checks/tamper.js',
    from: 'resumes: false,',
    to: 'resumes: true,',
    provenBy: SUSPENSION,
  },
  {
    claim: "a fork's readings are nobody's pass",
    file: 'src/deployment/equipment-tests.js',
    from: 'this.fork.add(reading);\n        return true;',
    to: 'this.fork.add(reading);\n        return false;',
    provenBy: EQUIPMENT,
  },
  {
    claim: 'targets that the radar makes up are no fork',
    file: 'src/deployment/equipment-tests.js',
    from: "if (reading.test !== 'simulated')",
    to: 'if (reading !== null)',
    provenBy: EQUIPMENT,
  },
  {
    claim: 'CAL-2: a fork is judged by the certificate that counts today',
    file: 'src/deployment/operator-desk.js',
    from: "certificateOn(certificatesOf(this.known, 'fork', fork), date)",
    to: "certificatesOf(this.known, 'fork', fork)[0]",
    provenBy: EQUIPMENT,
  },
  {
    claim: 'a doubt begins with the first number since the last good test',
    file: 'src/deployment/doubt.js',
    from: 'since.first ??= icn;',
    to: 'since.first ??= since.last;',
    provenBy: ['test/deployment/doubt.test.js'],
  },
  {
    claim: 'an end without its test puts numbers in doubt',
    file: 'src/deployment/session.js',
    from: 'this.tests.missingAtEnd(nowNs);',
    to: '',
    provenBy: DEPLOYMENT,
  },
  {
    claim: 'a crash puts the numbers of a whole session in doubt, also from before image 999',
    file: 'firmware/store/end-doubts.js',
    from: 'ON d.number = s.number',
    to: 'ON d.number = -1',
    provenBy: ['test/office/recovery.test.js'],
  },
  {
    claim: 'the closing photo is taken',
    file: 'src/deployment/closing.js',
    from: 'this.tests.photos.ask(CONTROLLER);',
    to: 'this.tests.photos.giveUp();',
    provenBy: DEPLOYMENT,
  },
  {
    claim: 'the limit that is compared is that of the exposure, not that of the end of the pass',
    file: 'src/controller.js',
    from: 'exposures.siteOfPass(pass.id) ??',
    to: 'null ??',
    provenBy: MOMENTS,
  },
  {
    claim: 'SCH-2: between two rounds checks are asked anew when their answer ends',
    file: 'src/deployment/session.js',
    from: 'if (nowNs >= this.checks.holdsUntilNs &&',
    to: 'if (nowNs < 0 &&',
    provenBy: MOMENTS,
  },
  {
    claim: 'what ends between two rounds suspends at once',
    file: 'src/controller.js',
    from: '&& !this.session.isOvertaken)',
    to: ')',
    provenBy: MOMENTS,
  },
  {
    claim: 'a vehicle that came before enforcement began is not photographed',
    file: 'src/deployment/session.js',
    from: 'pass.firstNs >= this.armedSinceNs',
    to: 'pass.firstNs >= 0',
    provenBy: EQUIPMENT,
  },
  {
    claim: 'no year of school holidays is worked out while vehicles pass',
    file: 'src/deployment/session.js',
    from: 'prepareSchoolDays(config.reference, config.site);',
    to: '',
    provenBy: MOMENTS,
  },
  {
    claim: 'DEP-11: a static camera with the posted limit counts while a variable one is in force',
    file: 'src/site/separation.js',
    from: 'camera.limitKmh !== postedKmh',
    to: 'camera.limitKmh > 0',
    provenBy: MOMENTS,
  },
];
