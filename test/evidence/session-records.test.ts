/** The account of a deployment and the change of parameters: what was put in comes out, and the bytes are always the same. */
import assert from 'node:assert/strict';
import { incompleteness } from '../../src/evidence/completeness.js';
import { encodeRecord } from '../../src/evidence/record.js';
import { readEnvelope } from '../../src/evidence/record-envelope.js';
import {
  decodeDeploymentRecord,
  decodeParametersRecord,
  DEPLOYMENT_ENDS,
  encodeDeploymentRecord,
  encodeParametersRecord,
  type DeploymentFacts,
  type ParametersFacts,
} from '../../src/evidence/session-records.js';
import { EXPOSURE_KINDS } from '../../src/evidence/types.js';
import { deploymentFacts, emptyExposure, parametersFacts, sampleContext, sampleLink as link } from './samples.js';

const damaged = (part: RegExp) => ({ name: 'KerbsideError', kind: 'evidence-damaged', message: part });
const exposure = { exposure: emptyExposure, sealedImageSha256: null, splice: null, softwareVersion: '0.1.0' };
const exposureRecord = encodeRecord({ ...exposure, context: sampleContext, link });

describe('the record of a deployment', () => {
  const roundTrip = (facts: DeploymentFacts): void => {
    const bytes = encodeDeploymentRecord({ facts, link });
    assert.deepEqual(decodeDeploymentRecord(bytes), { facts, link });
    assert.deepEqual(incompleteness(bytes, 'DeploymentRecord'), []);
    assert.deepEqual(readEnvelope(bytes), { type: 'deployment', ...link });
  };

  it('ICN-2: gives back everything that was put in', () => {
    roundTrip(deploymentFacts);
  });

  it('gives back null and nothing for a deployment in which nothing was leased', () => {
    const nothing = { follows: null, leases: [], counts: [], numberCount: 0, firstSequence: null, lastSequence: null };
    roundTrip({ ...deploymentFacts, ...nothing, demo: false, eventCounter: 0 });
  });

  it('knows every way to end and every kind', () => {
    for (const ended of DEPLOYMENT_ENDS) roundTrip({ ...deploymentFacts, ended });
    roundTrip({ ...deploymentFacts, counts: EXPOSURE_KINDS.map((kind, count) => ({ kind, count })) });
  });

  it('is always the same bytes', () => {
    const again = structuredClone(deploymentFacts);
    assert.deepEqual(
      encodeDeploymentRecord({ facts: again, link }),
      encodeDeploymentRecord({ facts: deploymentFacts, link }),
    );
  });
});

describe('the record of changed parameters', () => {
  const roundTrip = (facts: ParametersFacts): void => {
    const bytes = encodeParametersRecord({ facts, link });
    assert.deepEqual(decodeParametersRecord(bytes), { facts, link });
    assert.deepEqual(incompleteness(bytes, 'ParametersRecord'), []);
    assert.deepEqual(readEnvelope(bytes), { type: 'parameters', ...link });
  };

  it('gives back who, when, and every old and new value; none differs from empty', () => {
    roundTrip(parametersFacts);
    roundTrip({ ...parametersFacts, changes: [{ name: 'x', oldValue: '', newValue: null }] });
  });
});

describe('records of the wrong kind, or damaged', () => {
  const deployment = encodeDeploymentRecord({ facts: deploymentFacts, link });
  const parameters = encodeParametersRecord({ facts: parametersFacts, link });

  it('are named by the kind that they are', () => {
    assert.throws(() => decodeDeploymentRecord(parameters), damaged(/is of type parameters, expected deployment/));
    assert.throws(() => decodeDeploymentRecord(exposureRecord), damaged(/is of type exposure, expected deployment/));
    assert.throws(() => decodeParametersRecord(deployment), damaged(/is of type deployment, expected parameters/));
  });

  it('cut anywhere, they are refused or not complete', () => {
    for (const [bytes, decode, message] of [
      [deployment, decodeDeploymentRecord, 'DeploymentRecord'],
      [parameters, decodeParametersRecord, 'ParametersRecord'],
    ] as const) {
      for (let length = 0; length < bytes.length; length += 1) {
        const cut = bytes.subarray(0, length);
        assert.throws(() => {
          decode(cut);
          const [first] = incompleteness(cut, message);
          if (first !== undefined)
            throw Object.assign(new Error(first), { name: 'KerbsideError', kind: 'evidence-damaged' });
        }, damaged(/./));
      }
    }
  });

  it('a hash of another length, an unknown kind of end, another layout are refused in one sentence', () => {
    const bytes = Buffer.from(deployment);
    bytes[1] = 3;
    assert.throws(() => decodeDeploymentRecord(bytes), damaged(/has layout 3, expected 2/));
    const end = Buffer.from(deployment);
    end.write('opened', end.indexOf('closed'));
    assert.throws(() => decodeDeploymentRecord(end), damaged(/has the way of ending "opened", expected one of closed/));
    assert.throws(
      () => encodeParametersRecord({ facts: { ...parametersFacts, parametersSha256: 'AB' }, link }),
      RangeError,
    );
    assert.throws(() => readEnvelope(new Uint8Array([0x08, 0x02])), damaged(/has the type "", expected one of/));
  });
});
