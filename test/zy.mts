import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createCanvas, GlobalFonts } from '@napi-rs/canvas';
import { appendStrip } from '../src/evidence/jpeg/splice.js';
GlobalFonts.registerFromPath('node_modules/dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf','DV');
const w=1280,h=400; const d=Buffer.alloc(w*h*3); let s=7;
for(let i=0;i<d.length;i+=3){ s=(s*1103515245+12345)&0x7fffffff; const n=((s>>16)&7); d[i]=10+n;d[i+1]=11+n;d[i+2]=14+n; }
const c=createCanvas(w,120),g=c.getContext('2d'); g.fillStyle='#0c1116';g.fillRect(0,0,w,120); g.fillStyle='#fff';g.font='64px DV';g.fillText('112 km/h in 100',20,80); g.font='24px DV'; g.fillStyle='#ffd200'; g.fillText('ICN 000123001  2024-05-06 07:08:09 +12:00',660,80); g.fillStyle='#ffd200'; g.fillRect(0,0,w,10);
const px=c.getContext('2d').getImageData(0,0,w,120);
for (const q of ['60','90']) { const j=execFileSync('cjpeg',['-quality',q,'-optimize'],{input:Buffer.concat([Buffer.from(`P6\n${w} ${h}\n255\n`),d])});
const o=appendStrip(j,{width:w,height:120,rgba:px.data}); writeFileSync(`/tmp/j/dark${q}.jpg`,o.bytes); execFileSync('bash',['-c',`djpeg -dct int /tmp/j/dark${q}.jpg | pnmtopng > /tmp/j/dark${q}.png 2>/dev/null || true`]); console.log(j.length,o.bytes.length)}
