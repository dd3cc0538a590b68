import { describe, expect, it } from "vitest";
import type { Board, Visit } from "./model";
import { transfersOf, type Delivery } from "./transfers";

const NOW = 1_772_764_800;
const iso = (at: number) => new Date(at * 1000).toISOString();
const asked = (offer_id: string, visit_id: string, at: number): Delivery => ({ offer_id, part_id: "P-1", kind: "transfer", source: "D-1", visit_id, arrives_at: iso(at), price: "40.00", quantity: 1 }) as Delivery;
const visit = (id: string, offer: string, start: number | null = NOW): Visit => ({ id, start, parts: [{ part: "P-1", name: "Pump", quantity: 1, source: offer ? "offer" : "van", source_id: offer }] }) as Visit;
const board = (...visits: Visit[]) => ({ visits }) as unknown as Board;

describe("transfers", () => {
  it("one that is asked for is expected, overdue once its time has passed, over with its visit", () => {
    const one = [asked("BRING-0001", "V-1", NOW + 60)];
    const state = (at: number, ...visits: Visit[]) => transfersOf(board(...visits), one, at)[0]?.state;

    expect(state(NOW, visit("V-1", "BRING-0001"))).toBe("expected");
    expect(state(NOW + 60, visit("V-1", "BRING-0001"))).toBe("overdue");
    expect(state(NOW)).toBe("over");
  });

  it("one the plan does not use is said to be unused; of a visit nobody has yet that is not known", () => {
    const one = [asked("BRING-0001", "V-1", NOW + 60)];

    expect(transfersOf(board(visit("V-1", "")), one, NOW)[0]?.state).toBe("unused");
    expect(transfersOf(board(visit("V-1", "", null)), one, NOW)[0]?.state).toBe("expected");
  });

  it("a way there would be is none, until the plan takes it", () => {
    const way = [asked("O-1", "V-1", NOW + 60)];

    expect(transfersOf(board(visit("V-1", "")), way, NOW)).toEqual([]);
    expect(transfersOf(board(visit("V-1", "O-1")), way, NOW).map((one) => [one.id, one.name])).toEqual([["O-1", "Pump"]]);
  });

  it("the first to arrive is first, what is over is last", () => {
    const three = [asked("BRING-0003", "V-9", NOW), asked("BRING-0002", "V-1", NOW + 120), asked("BRING-0001", "V-1", NOW + 60)];

    expect(transfersOf(board(visit("V-1", "BRING-0001")), three, NOW).map((one) => one.id)).toEqual(["BRING-0001", "BRING-0002", "BRING-0003"]);
  });
});
