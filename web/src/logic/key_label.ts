const labels: Record<string, string> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ' ': 'Space',
  Escape: 'Esc',
  Delete: 'Del',
};

/** What to print on a key's cap: "ctrl+a" gives "Ctrl A". */
export function keyLabel(name: string): string {
  const parts = name === '+' ? ['+'] : name.split('+');
  return parts
    .map((part) => labels[part] ?? (part.length === 1 ? part.toUpperCase() : capital(part)))
    .join(' ');
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
