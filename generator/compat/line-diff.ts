/**
 * What was changed between two small texts, line by line as `diff -u` shows it, without its heads: two lines around each change, ` …` where lines are left
 * out. Empty when they are equal. The work grows with the product of their lengths.
 */
export function lineDiff(before: string, after: string): readonly string[] {
  const script = editScript(linesOf(before), linesOf(after));
  const near = script.map((_, at) => script.slice(Math.max(0, at - 2), at + 3).some((line) => !line.startsWith(' ')));
  return script.flatMap((line, at) => {
    if (near[at]) return [line];
    return near[at - 1] && near.slice(at).includes(true) ? [' …'] : [];
  });
}

function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

/** Every line with ` `, `-` or `+` before it, as few changes as possible, what goes before what comes. */
function editScript(left: readonly string[], right: readonly string[]): readonly string[] {
  const common = commonLengths(left, right);
  const script: string[] = [];
  let i = 0;
  let j = 0;
  while (i < left.length || j < right.length) {
    if (i < left.length && j < right.length && left[i] === right[j]) {
      script.push(` ${left[i]}`);
      i++;
      j++;
    } else if (j >= right.length || (i < left.length && lengthAt(common, i + 1, j) >= lengthAt(common, i, j + 1))) {
      script.push(`-${left[i]}`);
      i++;
    } else {
      script.push(`+${right[j]}`);
      j++;
    }
  }
  return script;
}

/** Length of the longest common subsequence of what is left from each pair of lines on. */
function commonLengths(left: readonly string[], right: readonly string[]): readonly (readonly number[])[] {
  const rows: number[][] = [new Array<number>(right.length + 1).fill(0)];
  for (let i = left.length - 1; i >= 0; i--) {
    const below = rows[0] ?? [];
    const row = new Array<number>(right.length + 1).fill(0);
    for (let j = right.length - 1; j >= 0; j--) {
      row[j] = left[i] === right[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
    }
    rows.unshift(row);
  }
  return rows;
}

function lengthAt(common: readonly (readonly number[])[], i: number, j: number): number {
  return common[i]?.[j] ?? 0;
}
