import { describe, expect, it } from 'vitest';

import { parseCsv, withValue } from './csv';
import { withJsonValue } from './json_table';

it('changes one value of a CSV table and nothing else', () => {
  const text = 'file,class,note\r\na.jpg,D001,"says ""hi"", then\ngoes"\r\nb.jpg,D002,=1+1\r\n';
  const rows = parseCsv(text);
  expect(rows).toEqual([
    ['file', 'class', 'note'],
    ['a.jpg', 'D001', 'says "hi", then\ngoes'],
    ['b.jpg', 'D002', '=1+1'],
  ]);
  const changed = withValue(text, [rows[1] as string[]], 'class', 'D,9');
  expect(changed).toBe(text.replace('D001', '"D,9"'));
  expect(() => withValue(text, [], 'side', 'left')).toThrow('no column "side"');
  expect(parseCsv('\ufeffa,b\n1,\n')).toEqual([
    ['a', 'b'],
    ['1', ''],
  ]);
  expect(() => parseCsv('a\n"open')).toThrow('damaged');
});

describe('a list of rows in JSON', () => {
  const text = `[
  {"file": "a.jpg", "class": "007", "x": 1.50, "box": [1, 2.0]},
  {"file": "b \\"1\\", {c}.jpg", "class": "7", "x": 12345678901234567890},
  {}
]
`;
  const [first, second, third] = [
    ['a.jpg', '007', '1.5', '[1,2.0]'],
    ['b "1", {c}.jpg', '7', '12345678901234567890', ''],
    ['', '', '', ''],
  ] as [string[], string[], string[]];

  it('changes one value and nothing else', () => {
    expect(withJsonValue(text, [first], 'class', 'D "9"')).toBe(
      text.replace('"007"', String.raw`"D \"9\""`),
    );
    expect(withJsonValue(text, [second], 'class', '8')).toBe(text.replace('"7"', '"8"'));
    expect(withJsonValue(text, [['a.jpg', '7', '1.5', '[1,2.0]']], 'class', '8')).toBe(text);
  });
  it('keeps numbers numbers, and adds what a row lacks', () => {
    expect(withJsonValue(text, [first], 'x', '-2')).toBe(text.replace('1.50', '-2'));
    expect(withJsonValue(text, [first], 'x', 'far')).toBe(text.replace('1.50', '"far"'));
    expect(withJsonValue(text, [second, third], 'box', 'none')).toBe(
      text.replace('890}', '890, "box": "none"}').replace('{}', '{"box": "none"}'),
    );
  });
  it('says what it cannot change', () => {
    expect(() => withJsonValue(text, [first], 'side', 'left')).toThrow('no column "side"');
    expect(() => withJsonValue('{"images": []}', [], 'class', 'D')).toThrow('another form');
  });
});
