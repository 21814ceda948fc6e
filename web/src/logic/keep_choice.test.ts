import { describe, expect, it } from 'vitest';

import { keepChoice } from './keep_choice';

const named = (...ids: number[]) => ids.map((individual) => ({ individual }));

describe('the candidate that is looked at', () => {
  it('stays when candidates come in another order', () => {
    expect(keepChoice(named(7, 8, 9), named(9, 7, 8), 0)).toBe(1);
    expect(keepChoice(named(7, 8), named(5, 8, 7), 1)).toBe(1);
  });
  it('stays nobody when there are more or fewer', () => {
    expect(keepChoice(named(7, 8), named(7, 8, 9), 2)).toBe(3);
    expect(keepChoice(named(7, 8), [], 2)).toBe(0);
  });
  it('is gone when it is not named any more', () => {
    expect(keepChoice(named(7, 8), named(8), 0)).toBe(-1);
  });
});
