/** "min-confidence" gives "Min confidence". */
export function optionTitle(name: string): string {
  const words = name.replace(/[-_.]+/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
