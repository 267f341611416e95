/** The trigger process as it is, with the fake controller in its loop. */
import { runTrigger } from '../../firmware/trigger/run-trigger.js';

runTrigger(new URL('./fake-controller.js', import.meta.url).href);
