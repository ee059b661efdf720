import { resolve } from 'node:path';
import { createLocalProvider, createNodeStudio } from '@maquette3d/sdk/node';

const studio = await createNodeStudio({ providers: [createLocalProvider()] });
const job = await studio.generate({ prompt: 'a wooden chair', delivery: { folder: resolve('chair') } });
for await (const event of job.events()) console.log(event.seq, event.type);
console.log((await job.result()).location);
await studio.close();
