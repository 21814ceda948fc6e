import { afterEach, describe, expect, it, vi } from 'vitest';

import { drawFirst, whenDrawn } from './draw_first';

afterEach(() => vi.unstubAllGlobals());

describe('whenDrawn', () => {
  it('waits for the frame after what a person did, and for nothing later on', async () => {
    const frames: (() => void)[] = [];
    vi.stubGlobal('requestAnimationFrame', (frame: () => void) => frames.push(frame));
    drawFirst();
    const told = vi.fn();
    const asked = whenDrawn().then(told);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(told).not.toHaveBeenCalled();
    frames.forEach((frame) => frame());
    await asked;
    await whenDrawn();
    expect(frames).toHaveLength(1);
  });
  it('does not wait for ever where nothing is drawn', async () => {
    vi.stubGlobal('requestAnimationFrame', () => 0);
    drawFirst();
    await whenDrawn();
  });
});
