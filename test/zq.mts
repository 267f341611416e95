import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync, readFileSync, mkdirSync, rmSync } from 'node:fs';
import { seal } from '../firmware/workshop/seal.js';
import { decodeRecord } from '../src/evidence/record.js';
import { recoverOriginal } from '../src/evidence/jpeg/private-data.js';
const facts:any={speedKmh:112.7,truncatedKmh:112,limitKmh:100,thresholdKmh:104,thresholdAuthority:'x',thresholdDate:'d',direction:'away',headingDeg:47,lane:'L1',rangeM:32.14,vehicleChainageM:412.3,vehicleFromChainageM:410,vehicleToChainageM:414,vehiclePosition:{latitude:-41.289123,longitude:174.777123},cameraPosition:{latitude:-41.2893,longitude:174.77698},cameraPositionErrorM:2.5,vanChainageM:380,siteCode:'WN-0417',road:'State Highway 1, Ngāūranga Gorge',zone:'Pacific/Auckland',school:null,cameraId:'SC-014',cameraModel:'Nikon D7500',approvalNotice:null,utcMs:Date.UTC(2026,5,6,7,8,9,123),clockUncertaintyMs:5,radarProtocol:'agd350',radarSettingsUnconfirmed:false,readingsUsed:20,readingsCut:1,demo:true};
const exp:any={icn:'000123001',incident:'000123001',imageNumber:1,imageCount:1,kind:'incident',reason:null,passId:4,verdict:null,triggerNs:1,strobeNs:2,imageNs:3,concludedNs:4,flash:false,imageId:'DSC_0001.jpg',imageSha256:null,facts,readings:[{atNs:1.5,speedKmh:100,raw:new Uint8Array([1,2])}]};
const [w,h,grey]=[Number(process.argv[2]??1280),Number(process.argv[3]??960),process.argv[4]==='grey'];
const n=grey?1:3; const d=Buffer.alloc(w*h*n); for(let i=0;i<d.length;i++) d[i]=(128+90*Math.sin(i/977)+30*Math.sin(i/(w*n*31)))|0;
const j=execFileSync('cjpeg',['-quality','90',...process.argv.slice(5)],{input:Buffer.concat([Buffer.from(`P${grey?5:6}\n${w} ${h}\n255\n`),d]),maxBuffer:1e9});
rmSync('/tmp/j/in',{recursive:true,force:true});mkdirSync('/tmp/j/in',{recursive:true}); writeFileSync('/tmp/j/in/DSC_0001.jpg',j);
for(let i=0;i<3;i++){const r=seal({exposure:exp,directory:'/tmp/j/out/000123',softwareVersion:'0.1.0'},{folder:'/tmp/j/in',isInspected:()=>i===2}); console.log(r.stageMs); }
const rec=decodeRecord(readFileSync('/tmp/j/out/000123/000123001.record')); console.log(rec.splice, rec.exposure.imageSha256, createHash('sha256').update(recoverOriginal(readFileSync('/tmp/j/out/000123/000123001.jpg'))).digest('hex'));
console.log(execFileSync('exiftool',['-validate','-warning','-a','/tmp/j/out/000123/000123001.jpg']).toString());
if(!process.argv[2]) console.log(execFileSync('exiftool',['-G1','-a','-s','/tmp/j/out/000123/000123001.jpg']).toString(), execFileSync('exiv2',['-pa','/tmp/j/out/000123/000123001.jpg']).toString());
execFileSync('djpeg',['-outfile','/dev/null','/tmp/j/out/000123/000123001.jpg'],{stdio:'inherit'});
