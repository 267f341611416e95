/**
 * All readiness checks in the order in which they refuse: the equipment first, since without it nothing else is known, then
 * the rules. A refusal is a mandatory or attestable check that fails.
 */
import type { Check } from '../readiness.js';
import { alignmentPhoto } from './alignment-photo.js';
import { armKey } from './arm-key.js';
import { batteryLow } from './battery-low.js';
import { boardStale } from './board-stale.js';
import { bulletinOutOfDate } from './bulletin-out-of-date.js';
import { cabinetTemperature } from './cabinet-temperature.js';
import { cameraCertificate } from './camera-certificate.js';
import { cameraNotReady } from './camera-not-ready.js';
import { cameraOutOfSync } from './camera-out-of-sync.js';
import { clockDisagrees } from './clock-disagrees.js';
import { clockUnknown } from './clock-unknown.js';
import { clockUnproven } from './clock-unproven.js';
import { exportDue } from './export-due.js';
import { flashNotReady } from './flash-not-ready.js';
import { forkCertificate } from './fork-certificate.js';
import { forkTest } from './fork-test.js';
import { forkTestRunning } from './fork-test-running.js';
import { halted } from './halted.js';
import { lanes } from './lanes.js';
import { lateralDistance } from './lateral-distance.js';
import { limitDropNear } from './limit-drop-near.js';
import { limitSuperseded } from './limit-superseded.js';
import { limitTooYoung } from './limit-too-young.js';
import { limitUnknown } from './limit-unknown.js';
import { mergeNear } from './merge-near.js';
import { noNumbers } from './no-numbers.js';
import { occupier } from './occupier.js';
import { offSite } from './off-site.js';
import { operatorTraining } from './operator-training.js';
import { operatorUnknown } from './operator-unknown.js';
import { otherDeployment } from './other-deployment.js';
import { packDemo } from './pack-demo.js';
import { parkLights } from './park-lights.js';
import { parkLightsByEye } from './park-lights-by-eye.js';
import { parking } from './parking.js';
import { positionNone } from './position-none.js';
import { positionSimulated } from './position-simulated.js';
import { positionStale } from './position-stale.js';
import { positionUnproven } from './position-unproven.js';
import { radarCertificate } from './radar-certificate.js';
import { radarLate } from './radar-late.js';
import { radarLinkDown } from './radar-link-down.js';
import { radarSelfTestOverdue } from './radar-self-test-overdue.js';
import { radarUnintelligible } from './radar-unintelligible.js';
import { radarUnusable } from './radar-unusable.js';
import { repairOpen } from './repair-open.js';
import { roadBends } from './road-bends.js';
import { safety } from './safety.js';
import { schoolAccess } from './school-access.js';
import { schoolHours } from './school-hours.js';
import { schoolZone } from './school-zone.js';
import { siteCertificate } from './site-certificate.js';
import { siteKind } from './site-kind.js';
import { siteNotApproved } from './site-not-approved.js';
import { siteNotStraight } from './site-not-straight.js';
import { siteReviewDue } from './site-review-due.js';
import { siteTooLong } from './site-too-long.js';
import { siteUnsigned } from './site-unsigned.js';
import { staticCameraNear } from './static-camera-near.js';
import { storeFailed } from './store-failed.js';
import { straightness } from './straightness.js';
import { tailgate } from './tailgate.js';
import { tailgateByEye } from './tailgate-by-eye.js';
import { tamper } from './tamper.js';
import { tamperLoop } from './tamper-loop.js';
import { threshold } from './threshold.js';
import { typeNotApproved } from './type-not-approved.js';
import { vanMoved } from './van-moved.js';
import { vanRolling } from './van-rolling.js';
import { vehicleUnknown } from './vehicle-unknown.js';
import { visibility } from './visibility.js';

export const CHECKS: readonly Check[] = [
  radarLinkDown,
  radarUnintelligible,
  radarUnusable,
  radarLate,
  positionSimulated,
  positionNone,
  positionStale,
  positionUnproven,
  vanRolling,
  vanMoved,
  clockUnknown,
  clockUnproven,
  clockDisagrees,
  offSite,
  limitDropNear,
  mergeNear,
  storeFailed,
  tamper,
  cameraNotReady,
  noNumbers,
  cameraOutOfSync,
  boardStale,
  tamperLoop,
  flashNotReady,
  batteryLow,
  cabinetTemperature,
  armKey,
  forkTestRunning,
  radarSelfTestOverdue,
  forkTest,
  alignmentPhoto,
  siteUnsigned,
  packDemo,
  siteKind,
  siteNotApproved,
  siteReviewDue,
  siteTooLong,
  siteNotStraight,
  threshold,
  limitSuperseded,
  limitTooYoung,
  limitUnknown,
  schoolZone,
  schoolAccess,
  schoolHours,
  cameraCertificate,
  radarCertificate,
  forkCertificate,
  siteCertificate,
  repairOpen,
  typeNotApproved,
  operatorUnknown,
  operatorTraining,
  vehicleUnknown,
  lanes,
  lateralDistance,
  occupier,
  roadBends,
  staticCameraNear,
  bulletinOutOfDate,
  otherDeployment,
  tailgate,
  tailgateByEye,
  parkLights,
  parkLightsByEye,
  safety,
  parking,
  visibility,
  straightness,
  halted,
  exportDue,
];
