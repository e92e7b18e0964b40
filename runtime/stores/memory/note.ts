import { type CellTransaction, table } from './cells.js';

const notes = table<string>('note');

export async function note(cells: CellTransaction, name: string): Promise<string | null> {
  return cells.read(notes, name) ?? null;
}

export async function setNote(cells: CellTransaction, name: string, text: string | null): Promise<void> {
  await cells.lock(notes, name);
  cells.write(notes, name, text ?? undefined);
}
