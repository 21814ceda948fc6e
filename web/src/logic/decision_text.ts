import type { Decision } from '@/api/decisions';
import { t, type TextKey } from '@/texts';

/** "D012 confirmed for 2 fins". */
export function decisionText(decision: Decision): string {
  return t(`decision.${decision.kind}` as TextKey, {
    code: decision.individual_code || '–',
    other: decision.other_code || '–',
    n: decision.fins.length,
    id: decision.undoes ?? 0,
  });
}
