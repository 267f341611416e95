import { loadImage, createCanvas } from '@napi-rs/canvas';
import { writeFileSync } from 'node:fs';
for (const f of process.argv.slice(2)) { const [p, crop] = f.split('@'); const i = await loadImage(p!); const [x,y,w,h]= crop? crop.split(',').map(Number) as number[] : [0,0,i.width,i.height]; const c=createCanvas(w!,h!); c.getContext('2d').drawImage(i,-x!,-y!); writeFileSync(p!.replace(/\.jpg$/,'.png'), c.toBuffer('image/png')); }
