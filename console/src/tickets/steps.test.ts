import { describe, expect, it } from "vitest";
import { centsOf, fieldsOf, nextNumber, saidOf, UNTYPED } from "./steps";

const ZONE = "Asia/Shanghai";

describe("steps beside a ticket", () => {
  it("amounts are read as they are typed, and nothing else is one", () => {
    expect(["12", "12.5", "1 200,50", "0.01"].map(centsOf)).toEqual([1200, 1250, 120050, 1]);
    for (const text of ["", "0", "0.00", "-3", "1.234", "a", "1e9", "9999999999"]) expect(centsOf(text)).toBeNull();
  });
  it("a step without fields says nothing", () => {
    expect(fieldsOf("charge", "accepted")).toEqual([]);
    expect(saidOf("charge", "accepted", { ...UNTYPED, reason: "left over", cents: "7" }, ZONE)).toEqual({ reason: "", cents: 0, moment: null, remedy: null, score: null });
  });
  it("what is missing is not sent", () => {
    expect(saidOf("loan", "out", UNTYPED, ZONE)).toBeNull();
    expect(saidOf("loan", "extended", { ...UNTYPED, moment: "2026-03-12T17:00" }, ZONE)).toBeNull();
    expect(saidOf("complaint", "answered", { ...UNTYPED, remedy: "free-repeat" }, ZONE)).toBeNull();
    expect(saidOf("survey", "answered", { ...UNTYPED, score: "0" }, ZONE)).toBeNull();
    expect(saidOf("charge", "refunded", { ...UNTYPED, cents: "1" }, ZONE)).toBeNull();
  });
  it("what is whole is said as the server reads it", () => {
    expect(saidOf("loan", "out", { ...UNTYPED, moment: "2026-03-12T17:00" }, ZONE)?.moment).toBe("2026-03-12T09:00:00.000Z");
    expect(saidOf("complaint", "answered", { ...UNTYPED, reason: " We come. ", remedy: "" }, ZONE)).toMatchObject({ reason: "We come.", remedy: null });
    expect(saidOf("survey", "answered", { ...UNTYPED, score: "5" }, ZONE)).toMatchObject({ score: 5, reason: "" });
  });
  it("numbers are not given twice", () => {
    expect(nextNumber("T-1", "Q", [])).toBe("T-1-Q1");
    expect(nextNumber("T-1", "Q", ["Q-77", "T-1-Q3"])).toBe("T-1-Q4");
  });
});
