import { refuseWithJson } from './error-answers.ts';

/** One model of the gateway. */
export interface GatewayModel {
  readonly name: string;
  readonly takesText: boolean;
  readonly takesImage: boolean;
  readonly output: 'splat' | 'mesh';
  /** US cents per task. */
  readonly priceCents: number;
}

/** Every model, in the order of their names. @source gateway-rs dev-env/config/config-single.toml, init-schema.sql */
export const GATEWAY_MODELS: readonly GatewayModel[] = [
  { name: '404-3dgs', takesText: true, takesImage: true, output: 'splat', priceCents: 15 },
  { name: '404-mesh', takesText: false, takesImage: true, output: 'mesh', priceCents: 25 },
  { name: '404-mesh-v2', takesText: false, takesImage: true, output: 'mesh', priceCents: 25 },
];

/** Taken where a request names none, also for a client that wants a mesh. */
export const DEFAULT_MODEL = '404-3dgs';

/** The model of a request. @throws `Refusal` 400 `invalid_field` if it does not exist or does not take this kind of input. */
export function resolveModel(name: string | null, hasImage: boolean): GatewayModel {
  const wanted = name ?? DEFAULT_MODEL;
  const model = GATEWAY_MODELS.find((candidate) => candidate.name === wanted);
  if (model === undefined) {
    const known = GATEWAY_MODELS.map((candidate) => candidate.name).join(', ');
    throw refuseWithJson(400, 'invalid_field', `Invalid value '${wanted}'. Expected one of: ${known}`, 'model');
  }
  if (!(hasImage ? model.takesImage : model.takesText)) {
    const input = hasImage ? 'img3d' : 'txt3d';
    throw refuseWithJson(400, 'invalid_field', `Model '${wanted}' does not support ${input} input`, 'model');
  }
  return model;
}
