import { type Ref, watch } from 'vue';

import { type Candidate, candidatesQuery, cropUrl, type Fin, picturesQuery } from '@/api/fins';
import { queryClient } from '@/api/query';
import { bestFirst } from '@/logic/best_first';
import { whenDrawn } from '@/logic/draw_first';
import { loadPicture, numEager } from '@/logic/load_picture';

const loadCrop = (fin: number, width: number) => loadPicture(cropUrl(fin, width));

async function prefetchCandidate(fin: Fin, candidate: Candidate, at: number): Promise<void> {
  const { individual, best_fin: best } = candidate;
  const theirs = await queryClient.ensureQueryData(picturesQuery(individual));
  const pictures = bestFirst(theirs.rows, best, fin.side).map((one) => one.id);
  const shown = pictures[0] ?? best;
  if (shown) loadCrop(shown, 1024);
  if (at === 0) pictures.slice(0, numEager).forEach((one) => loadCrop(one, 160));
}

/**
 * Fetches what the next pair needs, so that all of it is there when a key is pressed: pictures that
 * arrive one by one are drawn one by one.
 */
async function prefetch(fin: Fin): Promise<void> {
  await whenDrawn();
  loadCrop(fin.id, 1024);
  const answer = await queryClient.ensureQueryData(candidatesQuery(fin.id));
  const best = answer.rows.flatMap((candidate) => candidate.best_fin ?? []);
  best.forEach((one) => loadCrop(one, 160));
  if (answer.tier === 'nobody') best.forEach((one) => loadCrop(one, 640));
  const likely = answer.rows.filter((candidate) => !candidate.rejected).slice(0, 3);
  await Promise.all(likely.map((candidate, at) => prefetchCandidate(fin, candidate, at)));
}

/** Has the next pairs ready; begins after what a person did is drawn. */
export function usePrefetch(ahead: Ref<Fin[]>): void {
  watch(ahead, (next) => next.forEach((one) => void prefetch(one).catch(() => undefined)), {
    immediate: true,
  });
}
