import { performance } from 'node:perf_hooks';
const c=new Float64Array(32).fill(0.3), line=new Float64Array(8), o=new Float64Array(64);
function tl(at:number,step:number){ for (let x=0;x<4;x++){const a=line[x]!,b=line[7-x]!;line[x]=a+b;line[7-x]=a-b;} for(let u=0;u<8;u++){const odd=(u&1)===1;const k=4*u;o[at+u*step]=line[odd?7:0]!*c[k]!+line[odd?6:1]!*c[k+1]!+line[odd?5:2]!*c[k+2]!+line[odd?4:3]!*c[k+3]!;} }
for(let r=0;r<4;r++){const t=performance.now(); for(let i=0;i<16000*16;i++){ tl(i&7,8);} console.log('16k blocks dct',(performance.now()-t).toFixed(1));}
