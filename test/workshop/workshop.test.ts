/** The workshop's own decisions: when it does not sign although it could. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FromWorkshop } from '../../firmware/workshop/messages.js';
import { Workshop } from '../../firmware/workshop/workshop.js';
import { openSigner } from '../../firmware/keys/open-signer.js';
import { emptyExposure, sampleContext, sampleLink } from '../evidence/samples.js';

const DAY_MS = 86_400_000;

describe('the workshop', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'kerbside-workshop-'));
    mkdirSync(join(root, 'camera'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('does not sign while the clock is outside the validity of the certificate: the job is to come again', async () => {
    // A demo certificate begins a day before it is made: made two days ahead, it is not valid yet.
    const ahead = await openSigner(join(root, 'keys'), { demo: true, nowMs: Date.now() + 2 * DAY_MS });
    const answer = new Promise<FromWorkshop>((resolve) => {
      const workshop = new Workshop(
        (message) => {
          if (message.type !== 'failed' && message.type !== 'sealed') return;
          workshop.handle({ type: 'stop' });
          resolve(message);
        },
        undefined,
        () => Promise.resolve(ahead),
      );
      const folders = { folder: join(root, 'camera'), keysFolder: join(root, 'keys') };
      workshop.handle({ type: 'watch', ...folders, lockFile: join(root, 'workshop.lock') });
      const exposure = { ...emptyExposure, facts: { ...emptyExposure.facts, demo: true } };
      workshop.handle({
        ...{ type: 'seal', jobId: 1, link: sampleLink, softwareVersion: '0.1.0' },
        work: { type: 'exposure', exposure, context: sampleContext },
        directory: join(root, 'evidence', '000123'),
      });
    });
    const said = await answer;
    assert.ok(said.type === 'failed', JSON.stringify(said));
    assert.deepEqual([said.kind, said.retry], ['key-unusable', true]);
    assert.match(said.sentence, /DEMO.* is valid from .* to .*, the clock says .*; expected a time between/);
  });
});
