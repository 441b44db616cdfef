/** Prints one JSON document and nothing else to standard output. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** For what is not the answer itself: progress and warnings. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** A line that counts rows and their rate, on a terminal only: a pipe stays silent. */
export function createProgress(label: string) {
  const shown = process.stderr.isTTY === true;
  const started = performance.now();
  return {
    rows(count: number) {
      if (!shown) return;
      const rate = Math.round(count / Math.max((performance.now() - started) / 1000, 0.001));
      process.stderr.write(`\r\u001b[K${label}: ${count.toLocaleString("en")} rows, ${rate.toLocaleString("en")}/s`);
    },
    done() {
      if (shown) process.stderr.write("\r\u001b[K");
    },
  };
}
