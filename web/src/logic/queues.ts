import type { FinFilter, Tier } from '@/api/fins';

export interface Queue {
  name: string;
  tier?: Tier;
  filter: FinFilter;
}

const waiting = (tier: Tier, sort: FinFilter['sort']): Queue => ({
  name: tier,
  tier,
  filter: { review: ['waiting'], tier: [tier], sort, descending: true },
});

/** What a person can review, the most certain first. */
export const queues: Queue[] = [
  waiting('certain', 'probability'),
  waiting('likely', 'probability'),
  waiting('unsure', 'probability'),
  waiting('nobody', 'quality'),
  waiting('none', 'quality'),
  {
    name: 'second',
    filter: { review: ['provisional'], sort: 'probability', descending: true },
  },
  { name: 'aside', filter: { review: ['unsure'], sort: 'quality', descending: true } },
];
