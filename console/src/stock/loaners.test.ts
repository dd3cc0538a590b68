// A unit of the loaner pool day by day: nobody is promised one that is not back.
import { expect, it } from "vitest";
import { daysOf } from "./loaners";

const DAYS = ["2026-03-06T02:40Z", "2026-03-07T02:40Z", "2026-03-08T02:40Z"];
const dayOf = (at: string) => at.slice(0, 10);

it("lent until it is due, due on its day, free from the next", () => {
  expect(daysOf({ state: "out", until: "2026-03-07T08:00Z" }, DAYS, dayOf)).toEqual(["lent", "due", "free"]);
});

it("what is overdue is free on no day", () => {
  expect(daysOf({ state: "overdue", until: "2026-03-05T08:00Z" }, DAYS, dayOf)).toEqual(["overdue", "overdue", "overdue"]);
});

it("what is made ready is free from the day after; what is held back is not", () => {
  expect(daysOf({ state: "cleaning", until: "2026-03-06T12:00Z" }, DAYS, dayOf)).toEqual(["prepared", "free", "free"]);
  expect(daysOf({ state: "held", until: "2026-03-07T02:00Z" }, DAYS, dayOf)).toEqual(["out", "out", "free"]);
  expect(daysOf({ state: "quarantine", until: null }, DAYS, dayOf)).toEqual(["out", "out", "out"]);
});
