// A CSV file of the server as rows: quoted cells may hold commas, quotes and line ends. Pure.

/** Rows by the names of the first line. */
export function rowsOf(text: string): Record<string, string>[] {
  const [head, ...lines] = cellsOf(text.replace(/^\uFEFF/, ""));
  if (!head) return [];
  return lines.map((line) => Object.fromEntries(head.map((name, at) => [name, line[at] ?? ""])));
}

function cellsOf(text: string): string[][] {
  const lines: string[][] = [];
  let line: string[] = [];
  let cell = "";
  let quoted = false;
  const end = () => { line.push(cell); cell = ""; };
  for (let at = 0; at < text.length; at++) {
    const sign = text[at]!;
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (text[at + 1] === '"') { cell += '"'; at++; } else quoted = false;
    } else if (sign === '"') quoted = true;
    else if (sign === ",") end();
    else if (sign === "\n") { end(); lines.push(line); line = []; }
    else if (sign !== "\r") cell += sign;
  }
  if (cell || line.length) { end(); lines.push(line); }
  return lines;
}
