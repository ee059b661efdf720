import type { Money, ProviderDescription } from '../provider/provider.ts';

const CREDITS = 'credits:';

/** `0.15 USD`, `12 credits`. At most four digits after the point. */
export function moneyText({ amount, currency }: Money): string {
  const digits = String(Number(amount.toFixed(4)));
  return currency.startsWith(CREDITS) ? `${digits} credits` : `${digits} ${currency}`;
}

/** What a job will cost, before it is ordered. */
export function estimateText(description: ProviderDescription, estimate: Money | undefined): string {
  if (estimate === undefined) return description.currency === undefined ? 'free' : 'price unknown';
  return estimate.amount === 0 ? 'free' : `about ${moneyText(estimate)}`;
}

/** What a provider asks for one asset, over all its models. */
export function priceText({ currency, models }: ProviderDescription): string {
  if (currency === undefined) return 'free';
  const prices = models.flatMap((model) => (model.price === undefined ? [] : [model.price]));
  if (prices.length === 0) return 'price unknown';
  const lowest = Math.min(...prices);
  const isOnePrice = prices.length === models.length && Math.max(...prices) === lowest;
  if (isOnePrice) return lowest === 0 ? 'free' : moneyText({ amount: lowest, currency });
  return `from ${moneyText({ amount: lowest, currency })}`;
}
