import { dataBlock } from '../src/evidence/data-block.js'; import { layoutStrip } from '../src/evidence/strip-layout.js'; import { fullExposure } from './evidence/samples.js';
const W:any={ label: 0.68, value: 0.58, strong: 0.74, number: 0.61 };
for(const w of [48,60,63,64,200,399]) console.log(w, layoutStrip(dataBlock(fullExposure), w, (t,s,f)=>t.length*s*W[f]).items.map((i:any)=>i.text+'@'+i.sizePx).join(' | '));
