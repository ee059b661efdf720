import type { ModelDescription, Money } from '../../provider/provider.ts';
import type { GenerationRequest } from '../../provider/request.ts';

/** Currency of every price. */
export const CURRENCY = 'USD';

/** The model that takes `model_params`. */
export const MESH_V2 = '404-mesh-v2';

/**
 * What 404-GEN makes, in the order of preference: the first one that fits an order is its default. For meshes that is
 * `404-mesh`, the only one the published documentation names.
 *
 * @source gateway-rs: dev-env/config/config-single.toml (models), dev-env/init-scripts/init-schema.sql (prices).
 */
export const MODELS: readonly ModelDescription[] = [
  { name: '404-3dgs', inputs: ['text', 'image'], output: 'splat', price: 0.15 },
  { name: '404-mesh', inputs: ['image'], output: 'mesh', price: 0.25 },
  { name: MESH_V2, inputs: ['image'], output: 'mesh', price: 0.25 },
];

/** The model of a name, or undefined. */
export function findModel(name: string): ModelDescription | undefined {
  return MODELS.find((model) => model.name === name);
}

/** The models that make what is ordered, the default first. */
export function fittingModels(request: GenerationRequest): readonly ModelDescription[] {
  const input = (request.prompt.images?.length ?? 0) > 0 ? 'image' : 'text';
  return MODELS.filter((model) => model.inputs.includes(input) && model.output === request.output);
}

/** Price of a task of that model; undefined where it is not known. */
export function priceOf(model: string | null): Money | undefined {
  const price = model === null ? undefined : findModel(model)?.price;
  return price === undefined ? undefined : { amount: price, currency: CURRENCY };
}
