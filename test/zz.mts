import { execFileSync } from 'node:child_process';
import { writeFileSync, readFileSync } from 'node:fs';
import { inspectJpeg } from '../src/evidence/jpeg/inspect.js';
import { appendStrip } from '../src/evidence/jpeg/splice.js';
import { recoverOriginal } from '../src/evidence/jpeg/private-data.js';
function ppm(w:number,h:number,seed=1,grey=false){
  const head=Buffer.from(`P${grey?5:6}\n${w} ${h}\n255\n`); const n=grey?1:3; const d=Buffer.alloc(w*h*n);
  let s=seed; for(let y=0;y<h;y++)for(let x=0;x<w;x++){ s=(s*1103515245+12345)&0x7fffffff; const noise=((s>>16)&31)-16; for(let c=0;c<n;c++){ const v=128+80*Math.sin(x/37+c)+40*Math.cos(y/23+c*x/900)+noise; d[(y*w+x)*n+c]=Math.max(0,Math.min(255,v)); } }
  return Buffer.concat([head,d]);
}
function strip(w:number,h:number){ const rgba=new Uint8Array(w*h*4); for(let i=0;i<w*h;i++){const x=i%w,y=(i/w)|0; const on=((x>>3)+(y>>4))%3===0; rgba.set(on?[255,210,0,255]:[16,20,24,255],i*4);} return {width:w,height:h,rgba}; }
const src=ppm(4000,3000);
for (const args of [['-sample','2x2'],['-sample','2x1'],['-sample','1x1'],['-sample','2x2','-restart','1'],['-sample','2x2','-restart','7B'],['-sample','2x2','-optimize']]) {
  const j=execFileSync('cjpeg',['-quality','90',...args],{input:src,maxBuffer:1e9});
  const s=strip(4000,256);
  for(let rep=0;rep<3;rep++){
  let t=performance.now(); const info=inspectJpeg(j); const t1=performance.now()-t;
  t=performance.now(); const out=appendStrip(j,s); const t2=performance.now()-t;
  t=performance.now(); const back=recoverOriginal(out.bytes); const t3=performance.now()-t;
  if(rep==2)console.log(args.join(' '),j.length,'inspect',t1.toFixed(0),'append',t2.toFixed(0),'recover',t3.toFixed(0),'case',out.spliceCase,Buffer.compare(Buffer.from(back),j), out.bytes.length);
  if(rep==2){ writeFileSync('/tmp/j/o.jpg',j); writeFileSync('/tmp/j/s.jpg',out.bytes);
   const a=execFileSync('djpeg',['-dct','int','-nosmooth','/tmp/j/o.jpg'],{maxBuffer:1e9}); const b=execFileSync('djpeg',['-dct','int','-nosmooth','/tmp/j/s.jpg'],{maxBuffer:1e9,stdio:['ignore','pipe','inherit']});
   const skip=(x:Buffer)=>x.subarray(x.indexOf('255\n')+4); const A=skip(a),B=skip(b); console.log('pixels', A.length, B.length, Buffer.compare(A,B.subarray(0,A.length))); }
  }
}
