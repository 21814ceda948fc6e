/** Once the page was drawn again; a hidden page never is: soon. */
function nextDrawn(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
    setTimeout(resolve, 200);
  });
}

let drawn = Promise.resolve();

/** A person did something: what it changes is drawn before anything else is begun. */
export function drawFirst(): void {
  drawn = nextDrawn();
}

/** Resolves once what the person did last is drawn. */
export const whenDrawn = (): Promise<void> => drawn;
