import { queryOptions } from '@tanstack/vue-query';

import { listIndividuals } from './individuals';

async function fetchCodes(): Promise<Map<number, string>> {
  const codes = new Map<number, string>();
  for (;;) {
    const page = await listIndividuals({ offset: codes.size, limit: 1000, merged: true });
    page.rows.forEach((one) => codes.set(one.id, one.code));
    if (page.rows.length === 0 || codes.size >= page.total) return codes;
  }
}

/** The code of every individual. */
export const codesQuery = queryOptions({
  queryKey: ['individuals', 'codes'],
  queryFn: fetchCodes,
});
