import * as z from 'zod/mini';
import { notification, request } from '../method.ts';

/** `doctor/run`. Checks that everything Maquette needs is in order. */
export const runDoctor = request({
  method: 'doctor/run',
  direction: 'to-service',
  since: 0,
  summary: 'Checks that everything Maquette needs is in order.',
  params: z.object({}),
  result: z.object({
    findings: z.array(z.object({ check: z.string(), state: z.enum(['ok', 'note', 'fault']), message: z.string() })),
  }),
});

/** `panel/link`. A link that opens the web panel once, within minutes. */
export const linkPanel = request({
  method: 'panel/link',
  direction: 'to-service',
  since: 0,
  summary: 'A link that opens the web panel once, within minutes.',
  params: z.object({}),
  result: z.object({ url: z.string() }),
});

/** `service/stopping`. The service is about to end; jobs stay as they are. */
export const serviceStopping = notification({
  method: 'service/stopping',
  direction: 'to-client',
  since: 0,
  summary: 'The service is about to end; jobs stay as they are.',
  params: z.object({ reason: z.string() }),
});
