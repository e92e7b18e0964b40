import picocolors from 'picocolors';

/** Prints the story; colours only for a person at a terminal. */
const colors = picocolors.createColors(process.stdout.isTTY === true && process.env.NO_COLOR === undefined);

export function chapter(title: string): void {
  console.log(`\n${colors.bold(title)}`);
}

export function say(text: string): void {
  console.log(`  ${text}`);
}

export function bad(text: string): string {
  return colors.red(text);
}

export function good(text: string): string {
  return colors.green(text);
}

export function dim(text: string): string {
  return colors.dim(text);
}

/** A table with the widest cell of each column as its width; escape codes do not count. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = header.map((cell, column) =>
    Math.max(...[header, ...rows].map((row) => visible(row[column] ?? '').length, cell.length)),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - visible(cell).length))
      .join('  ')
      .trimEnd();
  say(dim(line(header)));
  for (const row of rows) say(line(row));
}

function visible(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape codes are what is taken out
  return text.replace(/\u001b\[\d+m/g, '');
}
