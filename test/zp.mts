import { execFileSync } from 'node:child_process';
import { stamp } from '../firmware/workshop/seal.js';
import { paintStrip } from '../firmware/workshop/strip.js';
import { dataBlock } from '../src/evidence/data-block.js';
import { parseJpeg, findScanExtent } from '../src/evidence/jpeg/parse.js';
import { encodeStrip } from '../src/evidence/jpeg/strip-encoder.js';

import { readCameraNotes } from '../firmware/workshop/camera-notes.js';
import { readFileSync } from 'node:fs';
const facts:any={speedKmh:112.7,truncatedKmh:112,limitKmh:100,thresholdKmh:104,thresholdAuthority:'x',thresholdDate:'d',direction:'away',headingDeg:47,lane:'L1',rangeM:32.14,vehicleChainageM:412.3,vehicleFromChainageM:410,vehicleToChainageM:414,vehiclePosition:{latitude:-41.289123,longitude:174.777123},cameraPosition:{latitude:-41.2893,longitude:174.77698},cameraPositionErrorM:2.5,vanChainageM:380,siteCode:'WN-0417',road:'State Highway 1, Ngāūranga Gorge',zone:'Pacific/Auckland',school:null,cameraId:'SC-014',cameraModel:'Nikon D7500',approvalNotice:null,utcMs:Date.UTC(2026,5,6,7,8,9,123),clockUncertaintyMs:5,radarProtocol:'agd350',radarSettingsUnconfirmed:false,readingsUsed:20,readingsCut:1,demo:process.argv[2]==='demo'};
const exp:any={icn:'000123001',incident:'000123001',imageNumber:1,imageCount:1,kind:'incident',reason:null,passId:4,verdict:null,triggerNs:1,strobeNs:2,imageNs:3,concludedNs:4,flash:false,imageId:'DSC_0001.jpg',imageSha256:null,facts,readings:[]};
const j=readFileSync('/tmp/j/o12.jpg'); const T=(n:string,f:()=>any)=>{const t=process.cpuUsage(); const r=f(); const u=process.cpuUsage(t); console.log(n,'cpu',((u.user+u.system)/1000).toFixed(1)); return r;};
for(let i=0;i<8;i++){ console.log('--');const st=T('parse',()=>parseJpeg(j)); T('extent',()=>findScanExtent(j,st)); const p=T('paint',()=>paintStrip(dataBlock(exp),4000)); console.log(p.height);  T('encode',()=>encodeStrip(p,st,{dc:new Int32Array(3),restartInterval:47000,mcusInInterval:47000,nextRestart:0})); T('notes',()=>readCameraNotes('a1.jpg',j)); T('stamp',()=>stamp(j,'a1.jpg',{exposure:exp,directory:'',softwareVersion:''}));}
