// The changes of one scenario as cards: read, edited, copied, removed; one from the library is added, and taken apart to be changed.
import { useState } from "react";
import { useSpoken } from "../../text";
import { CardDialog } from "./CardDialog";
import { cardsOf, sentenceOf, type Card, type Kind } from "./patches";

export interface LibraryRow { id: string; base: boolean; name: string; about: string; table: Record<string, unknown> }
/** Why the server refused a card, by its number from 1. */
export type Refused = Readonly<Record<number, string>>;
interface Props { title: string; cards: readonly Card[]; library: readonly LibraryRow[]; refused: Refused; onChange(cards: Card[]): void; onCopy?(): void; onRemove?(): void }

/** At -1: a new one. */
interface Editing { at: number; card?: { kind: Kind; values: Readonly<Record<string, string>> } }

export function Cards({ title, cards, library, refused, onChange, onCopy, onRemove }: Props) {
  const { say } = useSpoken();
  const [editing, setEditing] = useState<Editing | null>(null);
  const patches = library.filter((one) => !one.base);
  const put = (at: number, ...made: Card[]) => onChange([...cards.slice(0, at), ...made, ...cards.slice(at + 1)]);
  return (
    <section className="card scenario" aria-label={title}>
      <div className="head"><h2>{title}</h2>
        {onCopy && <button type="button" onClick={onCopy}>{say("study.copy_scenario")}<span className="only-read"> {title}</span></button>}
        {onRemove && <button type="button" onClick={onRemove}>{say("study.remove")}<span className="only-read"> {title}</span></button>}
      </div>
      {cards.length === 0 && <p className="quiet">{say("study.no_changes")}</p>}
      <ol className="bare-list patches">{cards.map((card, at) => {
        const said = sentenceOf(card, say);
        const shipped = card.kind === "library" ? cardsOf(patches.find((one) => one.id === card.id)?.table ?? {}) : null;
        return (
          <li key={at} className={refused[at + 1] ? "patch wrong" : "patch"}>
            <p>{said}</p>
            {card.kind === "library" && <p className="quiet">{card.about}</p>}
            {refused[at + 1] && <p className="refused" role="alert">{refused[at + 1]}</p>}
            <div className="chips">
              {card.kind !== "library" && card.kind !== "as_is" && <button type="button" onClick={() => setEditing({ at, card })}>{say("study.edit")}<span className="only-read"> {said}</span></button>}
              {shipped && shipped.length > 0 && <button type="button" onClick={() => put(at, ...shipped)}>{say("study.take_apart")}<span className="only-read"> {said}</span></button>}
              <button type="button" onClick={() => onChange([...cards.slice(0, at + 1), card, ...cards.slice(at + 1)])}>{say("study.copy")}<span className="only-read"> {said}</span></button>
              <button type="button" onClick={() => put(at)}>{say("study.remove")}<span className="only-read"> {said}</span></button>
            </div>
          </li>
        );
      })}</ol>
      <div className="chips">
        <button type="button" onClick={() => setEditing({ at: -1 })}>{say("study.add_change")}</button>
        {patches.length > 0 && (
          <select aria-label={say("study.from_library")} value="" onChange={(event) => { const one = patches.find((row) => row.id === event.target.value); if (one) onChange([...cards, { kind: "library", id: one.id, name: one.name, about: one.about }]); }}>
            <option value="">{say("study.from_library")}</option>
            {patches.map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}
          </select>
        )}
      </div>
      {editing && <CardDialog card={editing.card} onClose={() => setEditing(null)} onDone={(card) => { if (editing.at === -1) onChange([...cards, card]); else put(editing.at, card); setEditing(null); }} />}
    </section>
  );
}
