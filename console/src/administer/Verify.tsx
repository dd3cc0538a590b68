// The audit's chains read again, part after part, with how far it is; the outcome in words.
import { useEffect, useRef, useState } from "react";
import { client } from "../api/client";
import { Dialog } from "../board/Dialog";
import { useHere } from "../shell/here";
import { useSpoken } from "../text";
import type { Chain } from "./AuditPage";

interface Standing { read: number; total: number; breaks: { lane: number; number: number }[]; done: boolean; failed: string }
const BEGUN: Standing = { read: 0, total: 0, breaks: [], done: false, failed: "" };

export function VerifyDialog({ company, onClose }: { company: boolean; onClose(): void }) {
  const { say } = useSpoken();
  return (
    <Dialog title={say("audit.verify")} onClose={onClose}>
      <p className="quiet">{say("audit.verify_about")}</p>
      <One of="region" />
      {company && <One of="company" />}
    </Dialog>
  );
}

function One({ of }: { of: Chain }) {
  const { say } = useSpoken();
  const { region } = useHere();
  const [at, setAt] = useState<Standing>(BEGUN);
  const stop = useRef(false);
  useEffect(() => {
    stop.current = false;
    const path = of === "company" ? "/v1/company-audit/check" : "/v1/audit/check";
    void (async () => {
      let standing = BEGUN;
      let after = "";
      try {
        do {
          const { data } = await client.GET(path as "/v1/audit/check", { params: { query: after ? { after } : {} } });
          if (stop.current) return;
          after = data!.next ?? "";
          standing = { read: standing.read + data!.checked, total: data!.total, breaks: [...standing.breaks, ...data!.breaks], done: after === "", failed: "" };
          setAt(standing);
        } while (after);
      } catch (error) {
        if (!stop.current) setAt({ ...standing, failed: error instanceof Error ? error.message : String(error) });
      }
    })();
    return () => { stop.current = true; };
  }, [of]);
  const name = of === "company" ? say("audit_chain.company") : region.name;
  return (
    <section aria-label={name}>
      <h3>{name}</h3>
      {at.failed ? <p role="alert" className="refused">{at.failed}</p>
        : !at.done ? <p role="status"><progress max={Math.max(1, at.total)} value={at.read} aria-label={name} /> {say("audit.so_far", { n: at.read, all: at.total })}</p>
        : at.breaks.length === 0 ? <p role="status" className="good">{say("audit.whole", { n: at.read })}</p>
        : (
          <div role="alert">
            <p className="late">{say("audit.broken", { n: at.breaks.length })}</p>
            <ul>{at.breaks.map((one) => <li key={`${one.lane}-${one.number}`}>{say(one.number ? "audit.break_at" : "audit.end_missing", { lane: one.lane, number: one.number })}</li>)}</ul>
          </div>
        )}
    </section>
  );
}
