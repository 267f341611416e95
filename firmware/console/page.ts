/**
 * The status page: one document without anything from elsewhere, so that it works in a van without a network. The page
 * carries the status of its moment; events keep it up to date. Text from the session is only ever set as text, never as HTML.
 */
import { EXPORT_DAYS } from '../../src/deployment/export-age.js';
import type { Status } from '../office/status.js';

const STYLE = `
:root { color-scheme: light dark; --paper: #f4f5f2; --card: #ffffff; --ink: #1b2420; --soft: #5c6a63; --line: #dde2de;
  --good: #17794a; --warn: #a45c00; --bad: #b3261e; --quiet: #4a5a66; }
@media (prefers-color-scheme: dark) { :root { --paper: #111614; --card: #1a211e; --ink: #e8eeea; --soft: #9aa8a1;
  --line: #2b3530; --good: #4cc38a; --warn: #f0a94a; --bad: #ff8a80; --quiet: #a9bac6; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.45 system-ui, "DejaVu Sans", sans-serif; }
#demo { background: repeating-linear-gradient(-45deg, #f6c700 0 22px, #1a1a1a 22px 44px); padding: 7px; text-align: center; }
#demo span { background: #f6c700; color: #1a1a1a; font-weight: 800; letter-spacing: .08em; padding: 3px 14px; border-radius: 3px; }
main { max-width: 1120px; margin: 0 auto; padding: 20px 20px 48px; display: grid; gap: 16px; }
header { display: flex; flex-wrap: wrap; gap: 4px 18px; align-items: baseline; }
h1 { font-size: 1.05rem; margin: 0; letter-spacing: .02em; }
header p { margin: 0; color: var(--soft); }
header p.tag { color: var(--tone); }
section { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 18px 20px; min-width: 0; }
h2 { font-size: .82rem; text-transform: uppercase; letter-spacing: .09em; color: var(--soft); margin: 0 0 10px; font-weight: 600; }
#state { display: grid; grid-template-columns: auto 1fr auto; gap: 6px 20px; align-items: center; border-left: 8px solid var(--tone); }
#state svg { width: 64px; height: 64px; color: var(--tone); grid-row: span 2; }
#word { font-size: clamp(2rem, 6vw, 3.2rem); font-weight: 750; line-height: 1.05; color: var(--tone); }
#reasons { margin: 0; padding: 0; list-style: none; }
#reasons li { margin: 2px 0; }
#counts { display: grid; grid-template-columns: repeat(4, auto); gap: 0 22px; margin: 0; grid-row: 1 / span 2; grid-column: 3; text-align: right; }
#counts dt { color: var(--soft); font-size: .8rem; grid-row: 2; }
#counts dd { margin: 0; font-size: 1.7rem; font-weight: 650; font-variant-numeric: tabular-nums; }
.good { --tone: var(--good); } .warn { --tone: var(--warn); } .bad { --tone: var(--bad); } .quiet { --tone: var(--quiet); }
#pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(200px, 1fr)); gap: 14px; }
.shot { border: 1px solid var(--line); border-radius: 8px; overflow: hidden; color: inherit; text-decoration: none; display: flex; flex-direction: column; }
a.shot:hover, a.shot:focus-visible { border-color: var(--soft); outline: none; }
.shot img, .shot .none { width: 100%; aspect-ratio: 4 / 3; object-fit: cover; object-position: top; display: grid; place-items: center; background: var(--paper); color: var(--soft); text-align: center; padding: 0; }
.shot div.text { padding: 8px 10px; font-size: .9rem; }
.shot b { font-size: 1.15rem; font-variant-numeric: tabular-nums; }
.shot small, td small { color: var(--soft); }
.mono { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .86em; }
.tag { color: var(--tone); font-weight: 600; }
.two { display: grid; gap: 16px; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); align-items: start; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th { text-align: left; font-size: .78rem; color: var(--soft); font-weight: 600; padding: 2px 12px 6px 0; }
td { border-top: 1px solid var(--line); padding: 6px 12px 6px 0; white-space: nowrap; }
td.n, th.n { text-align: right; }
#checks li, #sites li { border-top: 1px solid var(--line); padding: 6px 0 6px 12px; border-left: 3px solid transparent; overflow-wrap: anywhere; }
#checks li.bad, #checks li.warn { border-left-color: var(--tone); }
#checks ul, #sites ul { list-style: none; margin: 0; padding: 0; font-size: .92rem; }
#checks summary { color: var(--soft); cursor: pointer; padding: 6px 0; }
#notices { list-style: none; margin: 0; padding: 0; font-size: .92rem; }
#notices li { border-top: 1px solid var(--line); padding: 6px 0 6px 12px; border-left: 3px solid transparent; overflow-wrap: anywhere; }
#notices li.bad, #notices li.warn { border-left-color: var(--tone); }
#notices time { color: var(--soft); margin-right: 8px; }
.empty { color: var(--soft); margin: 0; }
#link { color: var(--bad); font-weight: 600; }
@media (max-width: 1150px) { .two { grid-template-columns: minmax(0, 1fr); } }
@media (max-width: 760px) { #state { grid-template-columns: auto 1fr; }
  #counts { grid-column: 1 / -1; grid-row: auto; text-align: left; justify-content: start; } }
`;

/** Runs in the browser; plain script, no build. `TONES`, words and icons of the six session states live here only. */
const SCRIPT = `
'use strict';
const STATES = {
  enforcing: ['Enforcing', 'good', '<circle cx="12" cy="12" r="10"/><path d="m7 12.5 3.4 3.5L17 9"/>'],
  ready: ['Ready', 'good', '<circle cx="12" cy="12" r="10"/><path d="M10 8v8l6-4z"/>'],
  suspended: ['Suspended', 'warn', '<circle cx="12" cy="12" r="10"/><path d="M9.5 8v8M14.5 8v8"/>'],
  checking: ['Checking', 'quiet', '<circle cx="12" cy="12" r="10"/><path d="M12 6.5V12l3.5 2.5"/>'],
  closing: ['Closing', 'quiet', '<circle cx="12" cy="12" r="10"/><path d="M12 7v9m-4-4 4 4 4-4"/>'],
  closed: ['Closed', 'quiet', '<circle cx="12" cy="12" r="10"/><path d="M8.5 8.5h7v7h-7z"/>'],
};
const SAYS = {
  enforcing: 'All checks pass.',
  ready: 'All checks pass; the operator may start: kerbside deployment start, or the arm key.',
  closed: 'kerbside deployment open begins a deployment.',
  closing: 'Last photo and tests; every number is concluded.',
};
const KINDS = { incident: 'good', annulled: 'warn', void: 'quiet', unmatched: 'warn', sync: 'quiet', alignment: 'quiet', test: 'quiet' };
const VERDICTS = { enforce: 'good', observe: 'quiet', void: 'warn' };
const WAYS = { approach: 'towards', recede: 'away', unknown: 'unknown' };
const at = (id) => document.getElementById(id);
function make(tag, text, className) {
  const element = document.createElement(tag);
  if (text !== undefined && text !== null) element.textContent = text;
  if (className) element.className = className;
  return element;
}
let zone = 'Pacific/Auckland';
const clock = (utcMs) => utcMs === null ? '' : new Date(utcMs).toLocaleTimeString('en-NZ', { timeZone: zone, hour12: false });
const kmh = (value) => value === null ? '–' : value + ' km/h';
const plain = (code) => code === null ? '' : code.replaceAll('-', ' ');
function fill(target, elements, empty) {
  at(target).replaceChildren(...(elements.length ? elements : [make('p', empty, 'empty')]));
}
function showState(status) {
  const [word, tone, icon] = STATES[status.state];
  at('state').className = tone;
  at('icon').innerHTML = icon;
  at('word').textContent = word;
  document.title = word + ' – Kerbside ' + status.camera;
  const reasons = status.reasons.map((reason) => make('li', reason.sentence));
  if (!status.storage.usable) reasons.push(make('li', status.storage.detail));
  if (!reasons.length) reasons.push(make('li', SAYS[status.state] || ''));
  at('reasons').replaceChildren(...reasons);
}
function showDisk(disk) {
  at('disk').textContent = disk === null ? '' : 'disk ' + Math.floor(disk.freeShare * 100) + ' % free';
  at('disk').className = disk !== null && disk.freeShare < 0.2 ? 'tag ' + (disk.freeShare < 0.05 ? 'bad' : 'warn') : '';
}
function showRecording(recording) {
  const failed = recording !== null && recording.error !== null;
  const size = recording === null ? '' : (recording.bytes / 1e6).toFixed(1) + ' MB';
  at('recording').textContent = recording === null ? '' : failed ? 'recording failed: ' + recording.error : 'recording ' + size;
  at('recording').title = recording === null || recording.file === null ? '' : recording.file;
  at('recording').className = failed ? 'tag bad' : '';
}
let oldestUtcMs = null;
function showExport() {
  const hours = oldestUtcMs === null ? 0 : Math.max(0, (Date.now() - oldestUtcMs) / 3600000);
  const days = hours / 24;
  at('export').textContent = oldestUtcMs === null ? 'no image waits for export'
    : 'oldest image not exported: ' + (days < 1 ? '' : Math.floor(days) + ' d ') + Math.floor(hours % 24) + ' h of ${EXPORT_DAYS.overdue} d';
  at('export').className = days >= ${EXPORT_DAYS.alarm} ? 'tag bad' : days >= ${EXPORT_DAYS.warning} ? 'tag warn' : '';
}
setInterval(showExport, 60000);
function shot(exposure) {
  const element = make(exposure.hasImage ? 'a' : 'div', undefined, 'shot');
  if (exposure.hasImage) {
    const source = 'images/' + exposure.icn + '.jpg';
    element.href = source;
    const image = make('img');
    image.src = source;
    image.loading = 'lazy';
    image.alt = 'Exposure ' + exposure.icn;
    element.append(image);
  } else element.append(make('div', plain(exposure.reason) || 'no image', 'none'));
  const text = make('div', undefined, 'text');
  const speed = make('b', exposure.speedKmh === null ? plain(exposure.kind) : kmh(exposure.speedKmh));
  const kind = make('span', exposure.speedKmh === null ? '' : ' ' + exposure.kind, 'tag ' + KINDS[exposure.kind]);
  const icn = make('div', exposure.icn, 'mono');
  const rest = [clock(exposure.utcMs), exposure.direction, exposure.lane && 'lane ' + exposure.lane].filter(Boolean).join(' · ');
  text.append(speed, kind, icn, make('small', rest));
  element.append(text);
  return element;
}
function passRow(pass) {
  const row = make('tr');
  const verdict = make('td');
  verdict.append(make('span', pass.verdict, 'tag ' + VERDICTS[pass.verdict]), ' ', make('small', plain(pass.reason)));
  row.append(make('td', clock(pass.utcMs)), make('td', kmh(pass.speedKmh), 'n'), make('td', WAYS[pass.direction]), verdict,
    make('td', pass.icn || '', 'mono'));
  return row;
}
function noticeItem(notice) {
  const item = make('li', undefined, { alarm: 'bad', warning: 'warn', info: '' }[notice.level]);
  item.append(make('time', clock(notice.utcMs)), notice.sentence);
  return item;
}
function checkItem(check) {
  const tone = check.status !== 'fail' ? '' : check.force === 'mandatory' ? 'bad' : 'warn';
  const item = make('li', check.sentence, tone);
  const unit = check.unit === null ? '' : ' ' + check.unit;
  const say = (value) => value === true ? 'yes' : value === false ? 'no' : value + unit;
  const parts = [check.rule, check.id, check.status,
    check.value === null ? '' : 'value ' + say(check.value), check.limit === null ? '' : 'limit ' + say(check.limit)];
  item.append(make('br'), make('small', parts.filter(Boolean).join(' · '), 'mono'));
  return item;
}
function showChecks(checks) {
  at('checks').hidden = !checks.length;
  const failing = checks.filter((check) => check.status === 'fail');
  const others = checks.filter((check) => check.status !== 'fail');
  at('failing').replaceChildren(...failing.map(checkItem));
  at('others').replaceChildren(...others.map(checkItem));
  at('folded').textContent = others.length + (failing.length ? ' others' : ' checks, none fails');
}
function siteItem(site) {
  const item = make('li');
  item.append(make('b', site.code, 'mono'), ' ', make('span', site.road + (site.locality ? ', ' + site.locality : '') + ', ' + site.limitKmh + ' km/h'));
  return item;
}
function placeOf(status) {
  if (status.siteCode === null) return 'no site open';
  const plan = status.plan === null ? '' : ', lanes ' + status.plan.lanes.join(', ') + (status.plan.operatorId === null ? '' : ', operator ' + status.plan.operatorId);
  return 'Site ' + status.siteCode + ', ' + status.road + ', limit ' + status.limitKmh + ' km/h' + plan;
}
function show(status) {
  zone = status.zone;
  at('demo').hidden = !status.demo;
  at('camera').textContent = 'Kerbside ' + status.camera;
  at('site').textContent = placeOf(status);
  at('deployment').textContent = status.deployment === null ? 'no deployment' : 'deployment ' + status.deployment;
  at('software').textContent = 'software ' + status.software.version + ', SHA-256 ' + status.software.sha256.slice(0, 12) + '…'
    + (status.software.commit === null ? '' : ', commit ' + status.software.commit.slice(0, 12))
    + (status.eventCounter === null ? '' : ', event counter ' + status.eventCounter);
  at('software').title = 'SHA-256 ' + status.software.sha256 + (status.software.commit === null ? '' : ', commit ' + status.software.commit);
  showDisk(status.disk);
  showRecording(status.recording);
  oldestUtcMs = status.oldestUnexportedUtcMs;
  showExport();
  showState(status);
  showChecks(status.checks);
  at('sites').hidden = status.deployment !== null || !status.sites.length;
  at('site-list').replaceChildren(...status.sites.map(siteItem));
  for (const name of ['passes', 'enforced', 'observed', 'voided']) at('n-' + name).textContent = status.counts[name];
  fill('pictures', status.exposures.map(shot), 'No exposure yet.');
  at('passes').hidden = !status.passes.length;
  at('no-pass').hidden = status.passes.length > 0;
  at('pass-rows').replaceChildren(...status.passes.map(passRow));
  fill('notices', status.notices.map(noticeItem), 'Nothing to tell.');
}
show(JSON.parse(at('first').textContent));
const events = new EventSource('events');
events.onmessage = (event) => { at('link').hidden = true; show(JSON.parse(event.data)); };
events.onerror = () => { at('link').hidden = false; };
`;

const BODY = `
<div id="demo" hidden><span>DEMO – NOT EVIDENCE</span></div>
<main>
  <header><h1 id="camera">Kerbside</h1><p id="site"></p><p id="deployment" class="mono"></p><p id="software" class="mono"></p><p id="disk"></p><p id="recording"></p><p id="export"></p>
    <p id="link" role="alert" hidden>The controller does not answer.</p></header>
  <section id="state" class="quiet" aria-live="polite">
    <svg id="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"></svg>
    <div id="word">…</div>
    <ul id="reasons"></ul>
    <dl id="counts"><dd id="n-passes">0</dd><dt>passes</dt><dd id="n-enforced">0</dd><dt>enforced</dt><dd id="n-observed">0</dd><dt>observed</dt><dd id="n-voided">0</dd><dt>void</dt></dl>
  </section>
  <section id="checks" hidden><h2>Checks</h2><ul id="failing"></ul><details><summary id="folded"></summary><ul id="others"></ul></details></section>
  <section id="sites" hidden><h2>Sites</h2><ul id="site-list"></ul></section>
  <section><h2>Exposures</h2><div id="pictures"></div></section>
  <div class="two">
    <section><h2>Passes</h2><p id="no-pass" class="empty">No vehicle yet.</p><div class="wide"><table id="passes" hidden>
      <thead><tr><th>time</th><th class="n">speed</th><th>direction</th><th>verdict</th><th>ICN</th></tr></thead><tbody id="pass-rows"></tbody></table></div></section>
    <section><h2>Notices</h2><ul id="notices"></ul></section>
  </div>
</main>`;

/**
 * @param nonce of this answer: the only script and style that the browser may use
 * @param status as it is now, so that the page is complete at once
 */
export function statusPage(nonce: string, status: Status): string {
  // The only character that could end the data block early.
  const first = JSON.stringify(status).replaceAll('<', '\\u003c');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Kerbside</title><style nonce="${nonce}">${STYLE}</style></head><body>${BODY}
<script type="application/json" id="first">${first}</script>
<script nonce="${nonce}">${SCRIPT}</script></body></html>
`;
}
