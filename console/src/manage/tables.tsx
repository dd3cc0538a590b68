// What the manager's pages share: a list as a file, a choice of words.
import { hrefOf } from "../api/client";
import { useSpoken } from "../text";

/** `name`: read aloud beside the words; `word`: other words. */
export function FileLink({ path, query, name, word }: { path: string; query: Record<string, string>; name?: string; word?: string }) {
  const { say } = useSpoken();
  return <a className="button" href={hrefOf(`${path}?${new URLSearchParams({ ...query, format: "csv" })}`)} download>{word ?? say("list.as_file")}{name && <span className="only-read"> {name}</span>}</a>;
}

/** A choice among a few values, each said by `word`. */
export function Choice<Value extends string>({ label, word, values, value, onChange }: { label: string; word(value: Value): string; values: readonly Value[]; value: Value; onChange(value: Value): void }) {
  return (
    <label>{label}
      <select value={value} onChange={(event) => onChange(event.target.value as Value)}>
        {values.map((one) => <option key={one} value={one}>{word(one)}</option>)}
      </select>
    </label>
  );
}
