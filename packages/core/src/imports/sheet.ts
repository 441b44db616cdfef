import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { parse } from "csv-parse";
import { InkError } from "../errors.js";

/** One row of a file, with the physical line it begins on (the first line is 1). */
export interface SheetRow {
  readonly line: number;
  readonly cells: readonly string[];
}

export type FileSource = Uint8Array | AsyncIterable<Uint8Array>;

/** Longest row, in characters: an unterminated quote is refused here and not buffered for ever. */
const MOST_ROW_CHARACTERS = 256 * 1024;
const PEEK_BYTES = 64 * 1024;

/**
 * Streams the rows of a CSV file (comma, semicolon or tab; UTF-8 with or without BOM; plain or gzip).
 *
 * @throws InkError `bad_file`: no text, an Excel workbook, broken quoting, broken compression.
 */
export async function* readRows(source: FileSource, name: string): AsyncGenerator<SheetRow> {
  const file = await unpack(await peek(source), name);
  refuseBinary(file.head, name);
  const parser = parse({
    delimiter: delimiterOf(file.head),
    bom: true,
    relax_column_count: true,
    skip_empty_lines: false,
    max_record_size: MOST_ROW_CHARACTERS,
  });
  const input = Readable.from(decode(file.chunks, name));
  input.on("error", (error) => parser.destroy(error));
  input.pipe(parser);
  let line = 1;
  try {
    for await (const record of parser) {
      if (!isCells(record)) continue;
      yield { line, cells: record };
      line +=
        1 + record.reduce((breaks, cell) => (cell.includes("\n") ? breaks + cell.split("\n").length - 1 : breaks), 0);
    }
  } catch (error) {
    throw error instanceof InkError ? error : badRow(error, name, line);
  } finally {
    input.destroy();
  }
}

const isCells = (record: unknown): record is string[] => Array.isArray(record);

interface Peeked {
  readonly head: Uint8Array;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** Reads the beginning without losing it. */
async function peek(source: FileSource): Promise<Peeked> {
  const iterator = (source instanceof Uint8Array ? inChunks(source) : source)[Symbol.asyncIterator]();
  const read: Uint8Array[] = [];
  let size = 0;
  while (size < PEEK_BYTES) {
    const next = await iterator.next();
    if (next.done === true) break;
    read.push(next.value);
    size += next.value.length;
  }
  async function* all() {
    yield* read;
    for (;;) {
      const next = await iterator.next();
      if (next.done === true) return;
      yield next.value;
    }
  }
  return { head: Buffer.concat(read), chunks: all() };
}

async function* inChunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += PEEK_BYTES) yield bytes.subarray(at, at + PEEK_BYTES);
}

async function unpack(file: Peeked, name: string): Promise<Peeked> {
  if (file.head[0] !== 0x1f || file.head[1] !== 0x8b) return file;
  const unzip = createGunzip();
  const input = Readable.from(file.chunks);
  input.on("error", (error) => unzip.destroy(error));
  input.pipe(unzip);
  try {
    return await peek(unzip);
  } catch (error) {
    throw new InkError("bad_file", `${name} is compressed but damaged; make or download it again.`, { cause: error });
  }
}

function refuseBinary(head: Uint8Array, name: string): void {
  if (head.length === 0) throw new InkError("bad_file", `${name} is empty.`);
  if (head[0] === 0x50 && head[1] === 0x4b) {
    throw new InkError("bad_file", `${name} is an Excel workbook or a zip; save the sheet as CSV and import that.`);
  }
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) {
    throw new InkError("bad_file", `${name} is UTF-16 text; save it as CSV UTF-8 and import that.`);
  }
  if (head.includes(0)) {
    throw new InkError("bad_file", `${name} is not a text file; give a CSV file (comma, semicolon or tab).`);
  }
}

async function* decode(chunks: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  try {
    for await (const chunk of chunks) yield decoder.decode(chunk, { stream: true });
    yield decoder.decode();
  } catch (error) {
    if (error instanceof TypeError) {
      throw new InkError("bad_file", `${name} is not UTF-8 text; save it as CSV UTF-8 and import that.`, {
        cause: error,
      });
    }
    throw new InkError("bad_file", `${name} is compressed but damaged; make or download it again.`, { cause: error });
  }
}

/** The delimiter the first line with any has most of, outside quotes. */
function delimiterOf(head: Uint8Array): string {
  const text = new TextDecoder().decode(head).replaceAll(/"[^"]*"/g, "");
  const first = text.split(/\r?\n/).find((line) => /[,;\t]/.test(line)) ?? "";
  const count = (mark: string) => first.split(mark).length - 1;
  return [",", ";", "\t"].reduce((best, mark) => (count(mark) > count(best) ? mark : best));
}

function badRow(error: unknown, name: string, line: number): InkError {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const reason =
    code === "CSV_MAX_RECORD_SIZE" || code === "CSV_QUOTE_NOT_CLOSED"
      ? "a quote is opened and never closed"
      : "it is not well-formed CSV";
  return new InkError("bad_file", `${name}: from line ${line} on, ${reason}; nothing was imported.`, { cause: error });
}
