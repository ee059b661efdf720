import { workerData } from 'node:worker_threads';
import { generateObject } from '../../providers/local/generate-object.ts';
import { runProduceWorker } from './produce-worker.ts';

// The script of the tests' workers. What a worker is told by its own role alone is as in a program's main file.
if (!runProduceWorker(generateObject)) throw new Error(`This is no produce worker: ${JSON.stringify(workerData)}`);
