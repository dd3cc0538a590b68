// The land outline, cut at build time into cells of 20 by 20 degrees: a page loads only what its region touches.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { feature } from "topojson-client";
import type { Plugin } from "vite";

const CELL = 20;
type Point = [number, number];
type Ring = Point[];

/** Cut a ring at one side of a cell (Sutherland and Hodgman 1974). */
function cut(ring: Ring, inside: (p: Point) => boolean, meet: (a: Point, b: Point) => Point): Ring {
  const kept: Ring = [];
  ring.forEach((here, i) => {
    const before = ring[(i + ring.length - 1) % ring.length]!;
    if (inside(here) !== inside(before)) kept.push(meet(before, here));
    if (inside(here)) kept.push(here);
  });
  return kept;
}

function clipped(ring: Ring, west: number, south: number): Ring {
  const atX = (x: number) => (a: Point, b: Point): Point => [x, a[1] + ((x - a[0]) / (b[0] - a[0])) * (b[1] - a[1])];
  const atY = (y: number) => (a: Point, b: Point): Point => [a[0] + ((y - a[1]) / (b[1] - a[1])) * (b[0] - a[0]), y];
  let found = cut(ring, (p) => p[0] >= west, atX(west));
  found = cut(found, (p) => p[0] <= west + CELL, atX(west + CELL));
  found = cut(found, (p) => p[1] >= south, atY(south));
  return cut(found, (p) => p[1] <= south + CELL, atY(south + CELL));
}

/** Emit `outline/<west>_<south>.json`: rings of [longitude, latitude], two decimals (about a kilometre). */
export function outline(): Plugin {
  return {
    name: "land-outline",
    generateBundle() {
      const file = createRequire(import.meta.url).resolve("world-atlas/land-50m.json");
      const world = JSON.parse(readFileSync(file, "utf8"));
      const land = feature(world, world.objects.land) as unknown as { features: { geometry: { coordinates: Ring[][] } }[] };
      const rings = land.features.flatMap((one) => one.geometry.coordinates.flat());
      const boxes = rings.map((ring) => ({
        west: Math.min(...ring.map((p) => p[0])), east: Math.max(...ring.map((p) => p[0])),
        south: Math.min(...ring.map((p) => p[1])), north: Math.max(...ring.map((p) => p[1])),
      }));
      for (let west = -180; west < 180; west += CELL) {
        for (let south = -80; south < 80; south += CELL) {
          const cell = rings.flatMap((ring, i) => {
            const box = boxes[i]!;
            if (box.west > west + CELL || box.east < west || box.south > south + CELL || box.north < south) return [];
            const kept = clipped(ring, west, south).map(([x, y]) => [Number(x.toFixed(2)), Number(y.toFixed(2))]);
            return kept.length > 3 ? [kept] : [];
          });
          if (cell.length) this.emitFile({ type: "asset", fileName: `outline/${west}_${south}.json`, source: JSON.stringify(cell) });
        }
      }
    },
  };
}
