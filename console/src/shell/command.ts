// One command of a form: pressed twice it is sent once, what was refused is said, what was written is said.
import { useCallback, useMemo, useRef, useState } from "react";
import { newKey, Problem } from "../api/client";

export interface Doing {
  busy: boolean;
  /** Why the server refused; empty: it did not. */
  refused: string;
  /** The code of the refusal; empty: none. */
  code: string;
  /** What was written last, in words. */
  said: string;
  /** Do it once; `words` says what was done. The key is the same until it has been done. */
  run(act: (key: string) => Promise<string>): Promise<boolean>;
  clear(): void;
}

const NOTHING = { refused: "", code: "", said: "" };

export function useCommand(): Doing {
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState(NOTHING);
  const key = useRef(newKey());
  const under = useRef(false);
  const run = useCallback(async (act: (key: string) => Promise<string>) => {
    if (under.current) return false;
    under.current = true;
    setBusy(true);
    setTold(NOTHING);
    try {
      const said = await act(key.current);
      key.current = newKey();
      setTold({ ...NOTHING, said });
      return true;
    } catch (error) {
      // An answer that was lost is asked for again under the same key; a refusal ends the command.
      if (error instanceof Problem && error.status < 500) key.current = newKey();
      setTold({ said: "", refused: error instanceof Error ? error.message : String(error), code: error instanceof Problem ? error.code : "" });
      return false;
    } finally {
      under.current = false;
      setBusy(false);
    }
  }, []);
  const clear = useCallback(() => setTold(NOTHING), []);
  return useMemo(() => ({ busy, ...told, run, clear }), [busy, told, run, clear]);
}
